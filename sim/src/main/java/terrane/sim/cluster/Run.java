package terrane.sim.cluster;

import terrane.sim.world.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One run of one scenario under one seed: clients from the start to the end, faults for a while,
/// then calm, in which everything must become good again within a bound.
public final class Run {
    private static final Duration START_MAX = Duration.ofSeconds(60);

    /// Until every kind of fault has taken place.
    private static final Duration MORE_MAX = Duration.ofMinutes(2);

    private final Scenario scenario;
    private final long seed;

    /// What is done to the cluster.
    ///
    /// @param kinds of faults; a run that injected none of one kind proves nothing about it
    /// @param faults how long they go on
    public record Scenario(
            String name, Set<FaultKind> kinds, Duration faults, SimCluster.Shape shape) {
        public Scenario {
            kinds = Set.copyOf(kinds);
        }
    }

    /// What became of a run.
    ///
    /// @param problems empty if all is well
    /// @param story the last of what happened
    public record Report(
            Scenario scenario,
            long seed,
            List<String> problems,
            String digest,
            Map<FaultKind, Integer> injected,
            long acknowledged,
            Duration simulated,
            long steps,
            List<String> story) {
        public boolean good() {
            return problems.isEmpty();
        }

        /// How to see it again, and what is wrong.
        public String text() {
            return "scenario=%s -Dterrane.seed=%d digest=%s acknowledged=%d%n  %s"
                    .formatted(
                            scenario.name(),
                            seed,
                            digest,
                            acknowledged,
                            String.join("\n  ", problems));
        }
    }

    public Run(Scenario scenario, long seed) {
        this.scenario = scenario;
        this.seed = seed;
    }

    public Report execute() {
        var world = new World(seed);
        var problems = new ArrayList<String>();
        Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
        long acknowledged;
        long began = world.nowNanos();
        try (var folder = new RunFolder();
                var cluster = new SimCluster(world, scenario.shape(), folder.path())) {
            play(world, cluster, injected, problems);
            acknowledged = cluster.observer().acknowledged();
        }
        problems.addAll(0, world.failures());
        return new Report(
                scenario,
                seed,
                problems,
                world.trace().digest(),
                injected,
                acknowledged,
                Duration.ofNanos(world.nowNanos() - began),
                world.steps(),
                world.trace().words());
    }

    private void play(
            World world,
            SimCluster cluster,
            Map<FaultKind, Integer> injected,
            List<String> problems) {
        var work = new Workload(cluster);
        if (scenario.kinds().contains(FaultKind.REMAKE)) {
            work.remake();
        }
        if (scenario.kinds().contains(FaultKind.DRIFT_BEYOND)) {
            work.judgeTheEnd(); // reads rest on leases, and those on clocks
        }
        if (scenario.kinds().contains(FaultKind.POISON)) {
            work.writeApart();
        }
        work.start();
        if (!world.run(work::tablesMade, START_MAX)) {
            problems.add("no tables within " + START_MAX + ": " + cluster.unrest());
            return;
        }
        var nemesis = new Nemesis(cluster, work, scenario.kinds());
        nemesis.start();
        world.run(scenario.faults());
        world.run(() -> nemesis.injected().keySet().containsAll(scenario.kinds()), MORE_MAX);
        nemesis.stop();
        work.remakeNoMore();
        injected.putAll(nemesis.injected());
        var after = Aftermath.problems(world, cluster, work);
        problems.addAll(after);
        for (var kind : scenario.kinds()) {
            if (injected.getOrDefault(kind, 0) == 0) {
                problems.add("no fault of kind " + kind + " was injected");
            }
        }
    }
}
