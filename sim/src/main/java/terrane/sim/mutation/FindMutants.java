package terrane.sim.mutation;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// `java … terrane.sim.mutation.FindMutants [FIRST_SEED [COUNT [NAME]]]`: for each mutation the
/// first seed that notices it.
public final class FindMutants {
    private FindMutants() {}

    public static void main(String[] arguments) {
        long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
        long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : 2_000;
        var mutations = arguments.length > 2 ? List.of(Mutation.named(arguments[2])) : Mutation.ALL;
        Logger.getLogger("").setLevel(Level.OFF);
        for (var mutation : mutations) {
            System.out.println(mutation.name() + ": " + search(mutation, first, count));
        }
        System.exit(0);
    }

    private static String search(Mutation mutation, long first, long count) {
        var run = new MutatedRun(mutation);
        for (long seed = first; seed < first + count; seed++) {
            var problems = run.problems(seed);
            if (!problems.isEmpty()) {
                return "seed=" + seed + " " + problems.lines().limit(3).toList();
            }
        }
        return "NOT NOTICED in " + count + " seeds";
    }
}
