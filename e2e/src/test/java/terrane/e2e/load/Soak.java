package terrane.e2e.load;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.sim.history.Allowance;
import terrane.sim.history.ClientError.Kind;
import terrane.sim.history.Span;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Runs by hand and for as long as one likes: kills or pauses a random role at a random moment of a
/// migration, again and again, and lets the checker judge all of it. Arguments: a seed, and how
/// many faults.
public final class Soak {
    /// The whole of a quiet migration, so that every stage of it is hit.
    private static final int MOMENT_MILLIS_MAX = 1_500;

    private static final int PAUSE_MILLIS_MAX = 6_000;
    private static final Duration AFTER = Duration.ofSeconds(30);

    private final TestCluster cluster;
    private final Load load;
    private final Random random;
    private final Pauses pauses = new Pauses();

    private Soak(TestCluster cluster, Load load, long seed) {
        this.cluster = cluster;
        this.load = load;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        long seed = Long.parseLong(arguments[0]);
        int faults = Integer.parseInt(arguments[1]);
        int code = 1;
        try (var cluster = TestCluster.start("soak-" + seed, new StorageChoice.LocalFolder());
                var load = Load.start(cluster, "soak")) {
            var soak = new Soak(cluster, load, seed);
            for (int i = 0; i < faults; i++) {
                soak.fault(i);
            }
            var verdict = load.finish();
            System.out.println(verdict);
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
            code = verdict.violations().isEmpty() ? 0 : 1;
        }
        System.exit(code);
    }

    private void fault(int number) throws Exception {
        long began = System.nanoTime();
        var mover = new Mover(cluster);
        var move = mover.begin(random.nextInt(4));
        int moment = random.nextInt(MOMENT_MILLIS_MAX);
        pauses.sleep(Duration.ofMillis(moment));
        int choice = random.nextInt(6);
        var child =
                switch (choice) {
                    case 0 -> cluster.datanode(move.source());
                    case 1 -> cluster.datanode(move.target());
                    case 2 -> cluster.metasrv(cluster.metasrvLeader());
                    case 3 -> cluster.frontend();
                    case 4 -> cluster.broker();
                    default -> cluster.datanode(random.nextInt(TestCluster.DATANODES));
                };
        boolean kills = choice == 3 || random.nextBoolean();
        hit(child, kills);
        var ended = mover.awaitEnd(move);
        System.out.printf(
                "%d: %s %s after %d ms of a move %d -> %d: %s in %s%n",
                number,
                kills ? "killed" : "paused",
                child.name(),
                moment,
                move.source(),
                move.target(),
                ended.path("status").asString(),
                ended.path("stages"));
        allow(choice, began);
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
    }

    private void hit(Child child, boolean kills) throws Exception {
        if (kills) {
            child.kill();
            cluster.restart(child);
        } else {
            child.pause();
            pauses.sleep(Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX)));
            child.resume();
        }
    }

    private void allow(int choice, long began) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        if (choice == 3) {
            kinds.add(Kind.CONNECTION);
        } else if (choice == 4) {
            kinds.addAll(Set.of(Kind.UNAVAILABLE, Kind.UNKNOWN));
        }
        if (!kinds.isEmpty()) {
            long until = System.nanoTime() + AFTER.toNanos();
            load.history().allow(new Allowance(new Span(began, until), kinds));
        }
    }
}
