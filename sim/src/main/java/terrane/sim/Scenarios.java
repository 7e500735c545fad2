package terrane.sim;

import static terrane.sim.cluster.FaultKind.*;

import terrane.sim.cluster.FaultKind;
import terrane.sim.cluster.Run.Scenario;
import terrane.sim.cluster.SimCluster.Shape;
import terrane.sim.world.Chance;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What is done to clusters. Every scenario goes on until each of its kinds has had its chances.
public final class Scenarios {
    private static final Duration LONG = Duration.ofSeconds(25);

    public static final Scenario CALM =
            new Scenario("calm", Set.of(), Duration.ofSeconds(5), Shape.USUAL);
    public static final Scenario MOVES = scenario("moves", MIGRATE);
    public static final Scenario CRASHES =
            scenario("crashes", MIGRATE, KILL_DATANODE, KILL_METASRV, KILL_FRONTEND, KILL_ANYWHERE);
    public static final Scenario PAUSES =
            scenario(
                    "pauses",
                    MIGRATE,
                    PAUSE_DATANODE,
                    PAUSE_METASRV,
                    PAUSE_FRONTEND,
                    PAUSE_ANYWHERE,
                    SUSPEND,
                    DRIFT);
    public static final Scenario NETWORK =
            scenario(
                    "network",
                    MIGRATE,
                    CUT_BOTH_WAYS,
                    CUT_ONE_WAY,
                    SPLIT,
                    BREAK_CONNECTION,
                    SLOW_NETWORK);
    public static final Scenario METASRV =
            scenario("metasrv", MIGRATE, DEPOSE_METASRV, RAFT_UNKNOWN, KILL_METASRV, PAUSE_METASRV);
    public static final Scenario LOG =
            scenario("log", MIGRATE, BROKER_AWAY, BROKER_SLOW, BROKER_CUT, LOG_GAPS, KILL_DATANODE);
    public static final Scenario STORAGE =
            scenario("storage", MIGRATE, STORAGE_FAULTS, STORAGE_AWAY, STORAGE_SLOW, KILL_DATANODE);

    public static final Scenario LEASES =
            scenario("leases", MIGRATE, LOSE_LEASE, SPLIT, PAUSE_ANYWHERE, DEPOSE_METASRV);

    /// Long enough for the log to be pruned.
    public static final Scenario PRUNING =
            new Scenario(
                    "pruning",
                    EnumSet.of(MIGRATE, KILL_DATANODE, STORAGE_SLOW, LOG_GAPS, PAUSE_DATANODE),
                    Duration.ofSeconds(100),
                    Shape.USUAL);

    private static final List<Scenario> PURE =
            List.of(MOVES, CRASHES, PAUSES, NETWORK, METASRV, LOG, STORAGE, PRUNING, LEASES);

    /// What breaks a promise, or is aimed at moments that the scenario has to bring about.
    private static final Set<FaultKind> AIMED =
            Set.of(
                    CANCEL,
                    REMAKE,
                    POISON,
                    DRIFT_BEYOND,
                    KILL_FENCING,
                    FENCE_UNHEARD,
                    FENCE_LATE,
                    LEADER_UNAWARE,
                    LAND_LATE,
                    STORAGE_CUT,
                    STORAGE_SLUGGISH);

    private static final String MIXED = "mixed";
    private static final String READING_BACK = "-reading-back";
    private static final int MIXED_KINDS = 6;

    /// Of eleven seeds, two are mixed.
    private static final int TURNS = 11;

    private Scenarios() {}

    private static Scenario scenario(String name, FaultKind... kinds) {
        return new Scenario(name, Set.of(kinds), LONG, Shape.USUAL);
    }

    /// The scenario of a seed: they take turns.
    public static Scenario of(long seed) {
        int turn = (int) Math.floorMod(seed, (long) TURNS);
        return turn < PURE.size() ? PURE.get(turn) : mixed(seed);
    }

    /// The scenario of a seed, in a cluster whose datanodes read back what they append.
    public static Scenario readingBack(long seed) {
        return readingBack(of(seed));
    }

    static Scenario readingBack(Scenario usual) {
        return new Scenario(
                usual.name() + READING_BACK, usual.kinds(), usual.faults(), Shape.READING_BACK);
    }

    /// The scenario of a seed, in a cluster whose regions are all followed by another node.
    public static Scenario followed(long seed) {
        var usual = of(seed);
        return new Scenario(
                usual.name() + "-followed", usual.kinds(), usual.faults(), Shape.FOLLOWED);
    }

    /// Moves, and some faults of all kinds, by the seed.
    public static Scenario mixed(long seed) {
        var chance = new Chance(seed);
        var kinds = EnumSet.of(MIGRATE);
        var others =
                EnumSet.complementOf(kinds).stream().filter(kind -> !AIMED.contains(kind)).toList();
        while (kinds.size() < MIXED_KINDS) {
            kinds.add(chance.pick(others));
        }
        return new Scenario(MIXED, kinds, LONG, Shape.USUAL);
    }

    public static Scenario named(String name, long seed) {
        if (name.endsWith(READING_BACK)) {
            int usual = name.length() - READING_BACK.length();
            return readingBack(named(name.substring(0, usual), seed));
        }
        return name.equals(MIXED)
                ? mixed(seed)
                : Stream.of(List.of(CALM, Aimed.DRIFTING), PURE, Aimed.ALL)
                        .flatMap(List::stream)
                        .filter(scenario -> scenario.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no scenario " + name));
    }
}
