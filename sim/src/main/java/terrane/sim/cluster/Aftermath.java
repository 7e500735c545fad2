package terrane.sim.cluster;

import terrane.core.catalog.Catalog;
import terrane.core.catalog.Procedure;
import terrane.core.migration.Certificate;
import terrane.sim.world.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// After the last fault: everything must become good again within a bound, and what clients saw
/// from the start to the end must be allowed.
public final class Aftermath {
    private static final Duration CALM_MAX = Duration.ofMinutes(2);

    private Aftermath() {}

    /// Waits for calm, stops the clients, and looks at everything once more.
    ///
    /// @return what is wrong; empty if all is well
    public static List<String> problems(World world, SimCluster cluster, Workload work) {
        if (!world.run(() -> cluster.unrest().isEmpty(), CALM_MAX)) {
            return List.of(
                    "not calm within " + CALM_MAX + ": " + cluster.unrest().orElse("now it is"));
        }
        world.run(Duration.ofSeconds(2));
        work.stop();
        if (!world.run(work::ended, CALM_MAX)) {
            return List.of("clients do not end");
        }
        work.lookAtAll();
        if (!world.run(work::looked, CALM_MAX)) {
            return List.of("not readable within " + CALM_MAX);
        }
        var problems = judged(work);
        problems.addAll(cluster.catalog(Aftermath::disagreements).orElse(List.of()));
        return problems;
    }

    private static List<String> disagreements(Catalog catalog) {
        return catalog.procedures().stream()
                .filter(Procedure.Migrating.class::isInstance)
                .map(Procedure.Migrating.class::cast)
                .filter(each ->
                        each.measured()
                                .certificate()
                                .flatMap(Certificate::agreed)
                                .equals(Optional.of(false)))
                .map(each -> "two leaders' copies differ: region=" + each.plan().region())
                .toList();
    }

    private static List<String> judged(Workload work) {
        var problems = new ArrayList<String>();
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
        return problems;
    }
}
