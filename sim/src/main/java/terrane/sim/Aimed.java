package terrane.sim;

import static terrane.sim.cluster.FaultKind.*;

import terrane.sim.cluster.FaultKind;
import terrane.sim.cluster.Run.Scenario;
import terrane.sim.cluster.SimCluster.Shape;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Scenarios that bring about, more often than the usual ones do, the moments for which a check was
/// made.
final class Aimed {
    private static final Duration LONG = Duration.ofSeconds(40);

    /// Appends under way when the lease lapses.
    private static final Scenario LAPSING = aimed("lapsing", MIGRATE, LAND_LATE);

    /// Fences that take long, and are not heard of.
    private static final Scenario PASSING = aimed("passing", MIGRATE, BROKER_SLOW, FENCE_UNHEARD);

    /// Leaders that end as soon as they have fenced, and come back as another run.
    private static final Scenario ENDING =
            aimed("ending", MIGRATE, KILL_FENCING, KILL_DATANODE, SLOW_NETWORK);

    /// Answers that take long, and leases that are not renewed.
    private static final Scenario LATE = aimed("late", MIGRATE, LOSE_LEASE, SLOW_NETWORK, SPLIT);

    /// Records of who led before, fences too, while a successor reads a slow log.
    private static final Scenario STALE =
            aimed("stale", MIGRATE, LOSE_LEASE, BROKER_SLOW, FENCE_LATE);

    /// Metasrvs that do not know that another leads by now.
    private static final Scenario UNAWARE = aimed("unaware", MIGRATE, LEADER_UNAWARE);

    /// Flushes that are under way while regions move.
    private static final Scenario FLUSHES = flushing("flushes", MIGRATE, STORAGE_SLUGGISH);

    /// Leaders without a lease that flush what nobody will ever have written.
    private static final Scenario CLAIMS =
            flushing("claims", MIGRATE, LOSE_LEASE, PAUSE_DATANODE, STORAGE_SLUGGISH);

    /// As long as it takes until the log is pruned, and targets that have to wait for the manifest.
    private static final Scenario PRUNED =
            new Scenario(
                    "pruned",
                    Set.of(MIGRATE, STORAGE_CUT),
                    Duration.ofSeconds(100),
                    Shape.FLUSHING);

    /// Clocks that run a third too fast or too slow, and leaders that are on their own for a while.
    static final Scenario DRIFTING = aimed("drifting", MIGRATE, DRIFT_BEYOND, LAND_LATE);

    /// Tables that come and go, and migrations that are called off.
    static final Scenario REMADE =
            aimed(
                    "remade",
                    MIGRATE,
                    CANCEL,
                    REMAKE,
                    KILL_DATANODE,
                    RAFT_UNKNOWN,
                    BREAK_CONNECTION,
                    STORAGE_SLUGGISH);

    /// Records that nobody can read, which an operator gives up.
    private static final Scenario POISONED = aimed("poisoned", MIGRATE, POISON);

    /// The same where regions are followed, and the metasrv forgets what was decided.
    private static final Scenario POISONED_FOLLOWED =
            new Scenario(
                    "poisoned-followed",
                    Set.of(MIGRATE, POISON, DEPOSE_METASRV),
                    LONG,
                    Shape.FOLLOWED);

    /// All but the one that breaks promises.
    static final List<Scenario> ALL =
            List.of(
                    LAPSING,
                    PASSING,
                    ENDING,
                    LATE,
                    STALE,
                    UNAWARE,
                    FLUSHES,
                    CLAIMS,
                    PRUNED,
                    REMADE,
                    POISONED,
                    POISONED_FOLLOWED);

    private Aimed() {}

    private static Scenario aimed(String name, FaultKind... kinds) {
        return new Scenario(name, Set.of(kinds), LONG, Shape.USUAL);
    }

    private static Scenario flushing(String name, FaultKind... kinds) {
        return new Scenario(name, Set.of(kinds), LONG, Shape.FLUSHING);
    }
}
