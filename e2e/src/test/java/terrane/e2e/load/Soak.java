package terrane.e2e.load;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.Hosts;
import terrane.e2e.cluster.TestCluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Kills, pauses or cuts off a random role, or storage, at a random moment of a migration, again
/// and again. The seed decides who, how, when and for how long; what comes of it is decided by a
/// real cluster.
public final class Soak {
    /// The whole of a quiet migration, so that every stage of it is hit.
    private static final int MOMENT_MILLIS_MAX = 1_500;

    /// Twice a lease, and until the last who must have noticed it.
    private static final int LASTS_MILLIS_MAX = 7_000;

    private final TestCluster cluster;
    private final Load load;
    private final Storage storage;
    private final Optional<Hosts> hosts;
    private final Random random;
    private final Pauses pauses = new Pauses();
    private final List<Fault> deck = new ArrayList<>();
    private int faults;

    /// @param hosts where networks can be cut; empty if all children are on one host
    public Soak(TestCluster cluster, Load load, Storage storage, Optional<Hosts> hosts, long seed) {
        this.cluster = cluster;
        this.load = load;
        this.storage = storage;
        this.hosts = hosts;
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
        STORAGE;

        /// There is one frontend, one broker, and one storage; of the others there are more, and
        /// whatever becomes of one of them clients wait at most.
        boolean clientsNotice() {
            return switch (this) {
                case FRONTEND, BROKER, STORAGE -> true;
                case SOURCE, TARGET, ANY_DATANODE, METASRV_LEADER, METASRV_FOLLOWER -> false;
            };
        }

        /// To whom it happens: those that lead something, and can be taken for dead.
        boolean isCutOff() {
            return switch (this) {
                case SOURCE, TARGET, ANY_DATANODE, METASRV_LEADER -> true;
                case METASRV_FOLLOWER, FRONTEND, BROKER, STORAGE -> false;
            };
        }
    }

    private enum Way {
        KILLED,
        PAUSED,
        /// From everybody else, both ways.
        CUT_OFF,
        /// It is heard, and hears nothing.
        DEAF,
        /// It hears, and nobody hears it.
        MUTE;

        boolean needsHosts() {
            return switch (this) {
                case KILLED, PAUSED -> false;
                case CUT_OFF, DEAF, MUTE -> true;
            };
        }
    }

    private record Fault(Victim victim, Way way) {
        @Override
        public String toString() {
            return victim + " " + way;
        }
    }

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
                for (var way : Way.values()) {
                    deck.add(new Fault(victim, way));
                }
            }
            deck.removeIf(fault -> !isPossible(fault));
            Collections.shuffle(deck, random);
        }
        return deck.removeLast();
    }

    private boolean isPossible(Fault fault) {
        return !fault.way().needsHosts() || (hosts.isPresent() && fault.victim().isCutOff());
    }

    private void inject(Fault fault) throws Exception {
        long began = System.nanoTime();
        var mover = new Mover(cluster);
        var move = mover.begin(random.nextInt(4));
        var moment = Duration.ofMillis(random.nextInt(MOMENT_MILLIS_MAX));
        var lasts = Duration.ofMillis(random.nextInt(LASTS_MILLIS_MAX));
        pauses.sleep(moment);
        hit(fault, move, lasts);
        var ended = mover.awaitEnd(move);
        if (fault.victim().clientsNotice()) {
            load.allowOutage(began);
        }
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        load.awaitProgress();
        System.out.printf(
                "%d: %s %s, %d ms into a move %d -> %d: %s, all is well after %d ms%n",
                ++faults,
                fault,
                fault.way() == Way.KILLED ? "" : "for " + lasts.toMillis() + " ms",
                moment.toMillis(),
                move.source(),
                move.target(),
                ended.path("status").asString(),
                Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    private void hit(Fault fault, Mover.Move move, Duration lasts) throws Exception {
        switch (fault.victim()) {
            case SOURCE -> hit(cluster.datanode(move.source()), fault.way(), lasts);
            case TARGET -> hit(cluster.datanode(move.target()), fault.way(), lasts);
            case ANY_DATANODE -> hit(anyDatanode(), fault.way(), lasts);
            case METASRV_LEADER ->
                    hit(cluster.metasrv(cluster.metasrvLeader()), fault.way(), lasts);
            case METASRV_FOLLOWER -> hit(follower(), fault.way(), lasts);
            case FRONTEND -> hit(cluster.frontend(), fault.way(), lasts);
            case BROKER -> hit(cluster.broker(), fault.way(), lasts);
            case STORAGE -> hitStorage(fault.way() == Way.KILLED, lasts);
        }
    }

    private Child anyDatanode() {
        return cluster.datanode(random.nextInt(TestCluster.DATANODES));
    }

    private Child follower() {
        int others = 1 + random.nextInt(TestCluster.METASRVS - 1);
        return cluster.metasrv((cluster.metasrvLeader() + others) % TestCluster.METASRVS);
    }

    private void hit(Child child, Way way, Duration lasts) throws Exception {
        switch (way) {
            case KILLED -> {
                child.kill();
                cluster.restart(child);
            }
            case PAUSED -> {
                child.pause();
                try {
                    pauses.sleep(lasts);
                } finally {
                    child.resume();
                }
            }
            case CUT_OFF -> cutOff(child, true, true, lasts);
            case DEAF -> cutOff(child, true, false, lasts);
            case MUTE -> cutOff(child, false, true, lasts);
        }
    }

    private void cutOff(Child child, boolean deaf, boolean mute, Duration lasts) throws Exception {
        var network = hosts.orElseThrow();
        network.cutOff(child.name(), deaf, mute);
        try {
            pauses.sleep(lasts);
        } finally {
            network.heal();
        }
    }

    private void hitStorage(boolean kills, Duration lasts) throws Exception {
        if (kills) {
            storage.killAndRestart();
            return;
        }
        storage.pause();
        try {
            pauses.sleep(lasts);
        } finally {
            storage.resume();
        }
    }
}
