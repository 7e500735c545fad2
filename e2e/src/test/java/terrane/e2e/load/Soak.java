package terrane.e2e.load;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.TestCluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Kills or pauses a random role, or storage, at a random moment of a migration, again and again.
/// The seed decides who, how, when and for how long; what comes of it is decided by a real cluster.
public final class Soak {
    /// The whole of a quiet migration, so that every stage of it is hit.
    private static final int MOMENT_MILLIS_MAX = 1_500;

    /// Twice a lease.
    private static final int PAUSE_MILLIS_MAX = 6_000;

    private final TestCluster cluster;
    private final Load load;
    private final Storage storage;
    private final Random random;
    private final Pauses pauses = new Pauses();
    private final List<Fault> deck = new ArrayList<>();
    private int faults;

    public Soak(TestCluster cluster, Load load, Storage storage, long seed) {
        this.cluster = cluster;
        this.load = load;
        this.storage = storage;
        this.random = new Random(seed);
    }

    /// Shared storage, which is no child of the cluster's.
    public interface Storage {
        void killAndRestart() throws Exception;

        void pause() throws Exception;

        void resume() throws Exception;
    }

    private enum Victim {
        SOURCE,
        TARGET,
        ANY_DATANODE,
        METASRV_LEADER,
        METASRV_FOLLOWER,
        FRONTEND,
        BROKER,
        STORAGE
    }

    private record Fault(Victim victim, boolean kills) {}

    /// Faults until the time is over, each of which is healed before the next. All kinds come once
    /// before any comes again.
    ///
    /// @return how many
    public int run(Duration duration) throws Exception {
        long began = System.nanoTime();
        while (System.nanoTime() - began < duration.toNanos()) {
            inject(next());
        }
        return faults;
    }

    private Fault next() {
        if (deck.isEmpty()) {
            for (var victim : Victim.values()) {
                deck.add(new Fault(victim, true));
                deck.add(new Fault(victim, false));
            }
            Collections.shuffle(deck, random);
        }
        return deck.removeLast();
    }

    private void inject(Fault fault) throws Exception {
        long began = System.nanoTime();
        var mover = new Mover(cluster);
        var move = mover.begin(random.nextInt(4));
        int moment = random.nextInt(MOMENT_MILLIS_MAX);
        pauses.sleep(Duration.ofMillis(moment));
        hit(fault, move);
        var ended = mover.awaitEnd(move);
        System.out.printf(
                "%d: %s %s after %d ms of a move %d -> %d: %s%n",
                ++faults,
                fault.kills() ? "killed" : "paused",
                fault.victim(),
                moment,
                move.source(),
                move.target(),
                ended.path("status").asString());
        if (clientsNotice(fault.victim())) {
            load.allowOutage(began);
        }
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        load.awaitProgress();
    }

    /// There is one frontend, one broker, and one storage; of the others there are more.
    private static boolean clientsNotice(Victim victim) {
        return switch (victim) {
            case FRONTEND, BROKER, STORAGE -> true;
            case SOURCE, TARGET, ANY_DATANODE, METASRV_LEADER, METASRV_FOLLOWER -> false;
        };
    }

    private void hit(Fault fault, Mover.Move move) throws Exception {
        var pause = Duration.ofMillis(random.nextInt(PAUSE_MILLIS_MAX));
        switch (fault.victim()) {
            case SOURCE -> hit(cluster.datanode(move.source()), fault.kills(), pause);
            case TARGET -> hit(cluster.datanode(move.target()), fault.kills(), pause);
            case ANY_DATANODE -> hit(anyDatanode(), fault.kills(), pause);
            case METASRV_LEADER ->
                    hit(cluster.metasrv(cluster.metasrvLeader()), fault.kills(), pause);
            case METASRV_FOLLOWER -> hit(follower(), fault.kills(), pause);
            case FRONTEND -> hit(cluster.frontend(), fault.kills(), pause);
            case BROKER -> hit(cluster.broker(), fault.kills(), pause);
            case STORAGE -> hitStorage(fault.kills(), pause);
        }
    }

    private Child anyDatanode() {
        return cluster.datanode(random.nextInt(TestCluster.DATANODES));
    }

    private Child follower() {
        int others = 1 + random.nextInt(TestCluster.METASRVS - 1);
        return cluster.metasrv((cluster.metasrvLeader() + others) % TestCluster.METASRVS);
    }

    private void hit(Child child, boolean kills, Duration pause) throws Exception {
        if (kills) {
            child.kill();
            cluster.restart(child);
            return;
        }
        child.pause();
        try {
            pauses.sleep(pause);
        } finally {
            child.resume();
        }
    }

    private void hitStorage(boolean kills, Duration pause) throws Exception {
        if (kills) {
            storage.killAndRestart();
            return;
        }
        storage.pause();
        try {
            pauses.sleep(pause);
        } finally {
            storage.resume();
        }
    }
}
