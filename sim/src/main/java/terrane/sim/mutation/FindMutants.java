package terrane.sim.mutation;

import terrane.sim.Scenarios;

import java.io.PrintStream;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// `java … terrane.sim.mutation.FindMutants [FIRST_SEED [COUNT [MUTATION [SCENARIO]]]]`: for each
/// mutation the first seed whose run goes wrong because of it.
public final class FindMutants {
    private static final int SEEDS_MAX = 2_000;

    private final PrintStream out;
    private final MutatedRun runs = new MutatedRun();

    private FindMutants(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
        long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : SEEDS_MAX;
        var wanted = arguments.length > 2 ? arguments[2] : "";
        var scenario = arguments.length > 3 ? arguments[3] : "";
        Logger.getLogger("").setLevel(Level.OFF);
        var found = new FindMutants(System.out);
        var mutations =
                wanted.isEmpty() || wanted.equals("all")
                        ? Mutation.ALL.stream().map(Mutation::name).toList()
                        : List.of(wanted.split(",", -1));
        for (var mutation : mutations) {
            found.search(mutation, first, count, scenario);
        }
        System.exit(0);
    }

    private void search(String mutation, long first, long count, String wanted) {
        long reached = 0;
        for (long seed = first; seed < first + count; seed++) {
            var scenario = wanted.isEmpty() ? Scenarios.of(seed).name() : wanted;
            var result = runs.mutated(mutation, scenario, seed);
            reached += result.reached();
            if (!result.broken().isEmpty() && runs.whole(scenario, seed).problems().isEmpty()) {
                var problem = result.broken().getFirst().lines().limit(3).toList();
                out.printf("| %s | %s | %d | %s |%n", mutation, scenario, seed, problem);
                return;
            }
        }
        out.printf("| %s | | | not noticed, seeds=%d reached=%d |%n", mutation, count, reached);
    }
}
