package terrane.sim.cluster;

import terrane.sim.world.World;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One run of one scenario under one seed: clients from the start to the end, faults for a while,
/// then calm, in which everything must become good again within a bound.
public final class Run {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration CALM_MAX = Duration.ofMinutes(2);

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
        var folder = folder();
        var world = new World(seed);
        var problems = new ArrayList<String>();
        Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
        long acknowledged;
        long began = world.nowNanos();
        try (var cluster = new SimCluster(world, scenario.shape(), folder)) {
            play(world, cluster, injected, problems);
            acknowledged = cluster.observer().acknowledged();
        } finally {
            delete(folder);
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
        work.start();
        if (!world.run(work::tablesMade, START_MAX)) {
            problems.add("no tables within " + START_MAX + ": " + cluster.unrest());
            return;
        }
        var nemesis = new Nemesis(cluster, scenario.kinds());
        nemesis.start();
        world.run(scenario.faults());
        world.run(() -> nemesis.injected().keySet().containsAll(scenario.kinds()), MORE_MAX);
        nemesis.stop();
        injected.putAll(nemesis.injected());
        if (!world.run(() -> cluster.unrest().isEmpty(), CALM_MAX)) {
            problems.add(
                    "not calm within " + CALM_MAX + ": " + cluster.unrest().orElse("now it is"));
            return;
        }
        finish(world, work, problems);
        for (var kind : scenario.kinds()) {
            if (injected.getOrDefault(kind, 0) == 0) {
                problems.add("no fault of kind " + kind + " was injected");
            }
        }
    }

    private static void finish(World world, Workload work, List<String> problems) {
        world.run(Duration.ofSeconds(2));
        work.stop();
        if (!world.run(work::ended, CALM_MAX)) {
            problems.add("clients do not end");
            return;
        }
        work.lookAtAll();
        if (!world.run(work::looked, CALM_MAX)) {
            problems.add("not readable within " + CALM_MAX);
            return;
        }
        var verdict = work.verdict();
        if (!verdict.violations().isEmpty()) {
            problems.add(verdict.toString());
        }
        if (verdict.acknowledgedRows() == 0) {
            problems.add("nothing was acknowledged");
        }
        if (!work.logged().equals(work.lastSeen())) {
            problems.add("what is read is not what the log holds");
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("terrane-sim");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
