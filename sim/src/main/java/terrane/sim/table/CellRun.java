package terrane.sim.table;

import terrane.core.PeerId;
import terrane.sim.cluster.Aftermath;
import terrane.sim.cluster.Operator;
import terrane.sim.cluster.RunFolder;
import terrane.sim.cluster.SimCluster;
import terrane.sim.cluster.Workload;
import terrane.sim.log.SimBroker;
import terrane.sim.world.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One cell under one seed: a cluster under load, a migration, the fault at its moment, calm.
public final class CellRun {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration REACH_MAX = Duration.ofSeconds(20);

    /// A lease that runs out, an election, a failover or two; a storage request that was swallowed
    /// is waited for ten seconds. The longest seen is 9.3 s.
    static final Duration CALM_MAX = Duration.ofSeconds(30);

    /// Some dozen rows are in each region by then.
    private static final Duration WARM_UP = Duration.ofMillis(500);

    private final Cell cell;
    private final long seed;
    private final World world;
    private final List<String> problems = new ArrayList<>();
    private Duration calm = Duration.ZERO;

    /// What became of a cell.
    ///
    /// @param problems empty if all is well
    /// @param end how its migration ended, if it did
    /// @param calm how long it took from the end of the fault until all was as it should be
    /// @param story the last of what happened
    public record Report(
            Cell cell,
            long seed,
            List<String> problems,
            Optional<End> end,
            Duration calm,
            String digest,
            List<String> story) {
        public boolean good() {
            return problems.isEmpty();
        }

        public Report withoutStory() {
            return new Report(cell, seed, problems, end, calm, digest, List.of());
        }

        /// How to see it again, and what is wrong.
        public String text() {
            return "-Dterrane.cell=%s -Dterrane.seed=%d digest=%s end=%s%n  %s"
                    .formatted(cell, seed, digest, end, String.join("\n  ", problems));
        }
    }

    public CellRun(Cell cell, long seed) {
        this.cell = cell;
        this.seed = seed;
        this.world = new World(seed);
    }

    public Report execute() {
        Optional<End> end;
        try (var folder = new RunFolder();
                var cluster = new SimCluster(world, SimCluster.Shape.USUAL, folder.path())) {
            end = play(cluster);
        }
        problems.addAll(0, world.failures());
        var trace = world.trace();
        return new Report(
                cell, seed, List.copyOf(problems), end, calm, trace.digest(), trace.words());
    }

    private Optional<End> play(SimCluster cluster) {
        var work = new Workload(cluster);
        work.start();
        if (!world.run(work::tablesMade, START_MAX)) {
            problems.add("no tables within " + START_MAX + ": " + cluster.unrest());
            return Optional.empty();
        }
        world.run(WARM_UP);
        var drawn = Move.drawn(cluster);
        if (drawn.isEmpty()) {
            problems.add("no region is led");
            return Optional.empty();
        }
        var move = drawn.get();
        if (!strike(move)) {
            return Optional.empty();
        }
        awaitCalm(cluster);
        problems.addAll(Aftermath.problems(world, cluster, work));
        return judged(move);
    }

    private void awaitCalm(SimCluster cluster) {
        long ended = world.nowNanos();
        if (!world.run(() -> cluster.unrest().isEmpty(), CALM_MAX)) {
            problems.add("not calm within " + CALM_MAX + ": " + cluster.unrest().orElse("now"));
        }
        calm = Duration.ofNanos(world.nowNanos() - ended);
    }

    /// @return whether the moment came, and the fault with it
    private boolean strike(Move move) {
        var scout = new Scout(move);
        var operator = new Operator(move.cluster());
        operator.begin(move.region(), move.source(), move.target());
        lead(scout, operator, move);
        if (!world.run(() -> scout.reached(cell.moment()), REACH_MAX)) {
            problems.add("the migration did not come to " + cell.moment() + ": " + move.state());
            return false;
        }
        var state = move.state();
        if (!state.equals(Optional.of(cell.moment().state()))) {
            problems.add("at " + cell.moment() + " the state is " + state);
            return false;
        }
        world.trace().say(world.nowNanos(), "strike " + cell);
        var strike = Strike.at(move, cell.role(), cell.fault());
        world.run(strike.length());
        strike.end();
        return true;
    }

    /// Has the migration take the way on which the moment lies.
    private void lead(Scout scout, Operator operator, Move move) {
        switch (cell.moment().state()) {
            case "Reclaiming" -> {
                // The fence does not arrive, and both ends live.
                world.run(() -> scout.reached(Moment.HANDING_OVER), REACH_MAX);
                cutFromLog(move, move.source());
            }
            case "RolledBack" -> {
                // The target can neither warm up nor follow, so that there is time to cancel.
                world.run(() -> scout.reached(Moment.OPENING), REACH_MAX);
                cutFromLog(move, move.target());
                move.procedure().ifPresent(found -> operator.cancel(found.id()));
            }
            default -> {}
        }
    }

    private static void cutFromLog(Move move, PeerId peer) {
        var network = move.cluster().network();
        var host = move.host(peer).name();
        network.cut(host, SimBroker.HOST);
        network.cut(SimBroker.HOST, host);
    }

    private Optional<End> judged(Move move) {
        var stages = move.ended();
        if (stages.isEmpty()) {
            problems.add("the migration has not ended: " + move.state());
            return Optional.empty();
        }
        var end = End.of(stages.get());
        if (!Expected.of(cell).contains(end)) {
            problems.add("ended as " + stages.get() + ", not " + Expected.of(cell) + state(move));
        }
        return Optional.of(end);
    }

    private static String state(Move move) {
        return move.procedure().map(found -> ": " + found.state()).orElse("");
    }
}
