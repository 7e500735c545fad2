package terrane.sim;

import terrane.core.time.SystemClock;
import terrane.sim.cluster.Run;

import java.io.PrintStream;
import java.util.logging.Level;
import java.util.logging.Logger;

/// `java … terrane.sim.Simulate [FIRST_SEED [COUNT [SCENARIO]]]`: runs seeds one after the other
/// until it is stopped, or so many; prints what fails, and how to see it again. With a count of 1
/// it tells the whole story.
public final class Simulate {
    private final PrintStream out;

    private Simulate(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        long first = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
        long count = arguments.length > 1 ? Long.parseLong(arguments[1]) : Long.MAX_VALUE;
        var scenario = arguments.length > 2 ? arguments[2] : "";
        boolean quiet = !Boolean.getBoolean("terrane.sim.log");
        Logger.getLogger("").setLevel(quiet ? Level.OFF : Level.INFO);
        boolean good = new Simulate(System.out).runAll(first, count, scenario);
        System.exit(good ? 0 : 1);
    }

    private boolean runAll(long first, long count, String name) {
        var clock = new SystemClock();
        long began = clock.nanos();
        long failed = 0;
        for (long i = 0; i < count; i++) {
            long seed = first + i;
            var scenario = name.isEmpty() ? Scenarios.of(seed) : Scenarios.named(name, seed);
            long started = clock.nanos();
            var report = new Run(scenario, seed).execute();
            double seconds = (clock.nanos() - started) / 1e9;
            if (count == 1) {
                report.story().forEach(out::println);
            }
            out.printf(
                    "%s seed=%d %s %s simulated=%.1fs real=%.2fs steps=%d%n",
                    scenario.name(),
                    seed,
                    report.good() ? "good" : "BAD",
                    report.digest(),
                    report.simulated().toMillis() / 1e3,
                    seconds,
                    report.steps());
            if (!report.good()) {
                failed++;
                out.println(report.text());
            }
        }
        out.printf("seeds=%d bad=%d real=%.1fs%n", count, failed, (clock.nanos() - began) / 1e9);
        return failed == 0;
    }
}
