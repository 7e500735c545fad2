package terrane.sim.mutation;

import terrane.sim.Scenarios;
import terrane.sim.cluster.Run;

import java.lang.reflect.InvocationTargetException;

/// Runs seeds with one check taken out.
public final class MutatedRun {
    private final MutatedClasses classes;

    public MutatedRun(Mutation mutation) {
        this.classes = new MutatedClasses(mutation);
    }

    /// @return what went wrong, as a text; empty if nothing did
    /// @throws IllegalStateException if the mutation has found nothing to change
    public String problems(long seed) {
        try {
            var run = classes.loadClass(MutatedRun.class.getName(), true);
            var problems = (String) run.getMethod("inside", long.class).invoke(null, seed);
            if (classes.replaced() == 0) {
                throw new IllegalStateException("the mutation has changed nothing");
            }
            return problems;
        } catch (ClassNotFoundException | NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            return "thrown: " + e.getCause();
        }
    }

    /// Called in the mutated classes.
    public static String inside(long seed) {
        var report = new Run(Scenarios.of(seed), seed).execute();
        return report.good() ? "" : report.scenario().name() + ": " + report.problems().getFirst();
    }
}
