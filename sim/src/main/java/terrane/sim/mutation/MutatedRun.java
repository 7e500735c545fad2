package terrane.sim.mutation;

import terrane.sim.Scenarios;
import terrane.sim.cluster.Run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/// Runs scenarios in the product with mutations woven in, one of them on, or none.
public final class MutatedRun {
    private static final String THROWN = "thrown: ";
    private static final String NO_FAULT = "no fault of";
    private static final List<String> OTHERWISE =
            List.of(THROWN, "thread died", "a thread outside", "a thread waits", "the world hangs");

    private final Method inside;

    /// @throws IllegalStateException if the product is not what the mutations were written for
    public MutatedRun() {
        var classes = new MutatedClasses(Mutation.ALL);
        classes.loadAll();
        try {
            inside =
                    classes.loadClass(Inside.class.getName())
                            .getMethod("run", String.class, long.class, int.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What became of a run.
    ///
    /// @param problems empty if nobody noticed anything
    /// @param reached how often the mutated code was run
    public record Result(List<String> problems, String digest, long reached) {
        /// The promises that were broken, and the calm that did not come; empty if the run ended
        /// for another reason, after which neither says anything.
        public List<String> broken() {
            return problems.stream().anyMatch(Result::isOtherwise)
                    ? List.of()
                    : problems.stream().filter(problem -> !problem.contains(NO_FAULT)).toList();
        }

        private static boolean isOtherwise(String problem) {
            return OTHERWISE.stream().anyMatch(problem::contains);
        }
    }

    /// @param mutation by its name
    public Result mutated(String mutation, String scenario, long seed) {
        return run(scenario, seed, Mutation.number(mutation));
    }

    /// With everything in place.
    public Result whole(String scenario, long seed) {
        return run(scenario, seed, Active.NONE);
    }

    private Result run(String scenario, long seed, int number) {
        try {
            var result = (String[]) inside.invoke(null, scenario, seed, number);
            var problems = List.of(result).subList(2, result.length);
            return new Result(problems, result[0], Long.parseLong(result[1]));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            if (number == Active.NONE) {
                throw new IllegalStateException("a world that is whole must not break", e);
            }
            // So broken that it cannot be run to the end.
            return new Result(List.of(THROWN + e.getCause()), "", 1);
        }
    }

    /// The part that is loaded with the mutated classes.
    public static final class Inside {
        private Inside() {}

        /// Called from outside: what comes and goes is of the JDK.
        public static String[] run(String scenario, long seed, int number) {
            Active.turn(number);
            try {
                var report = new Run(Scenarios.named(scenario, seed), seed).execute();
                var result = new ArrayList<String>();
                result.add(report.digest());
                result.add(Long.toString(Active.reached()));
                result.addAll(report.problems());
                return result.toArray(String[]::new);
            } finally {
                Active.turn(Active.NONE);
            }
        }
    }
}
