package terrane.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import terrane.sim.cluster.Run;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Scenarios that aim at certain moments, or at what is assumed, a few seeds each.
class AimedTest {
    private static final long FIRST = 1_000;
    private static final int SEEDS = 3;
    private static final int DRIFTING_SEEDS = 12;

    @BeforeAll
    static void quiet() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    private static List<Run.Report> runs(Run.Scenario scenario, int seeds) {
        var reports = new ArrayList<Run.Report>();
        for (long seed = FIRST; seed < FIRST + seeds; seed++) {
            reports.add(new Run(scenario, seed).execute());
        }
        return reports;
    }

    private static List<String> bad(List<Run.Report> reports) {
        return reports.stream()
                .filter(report -> !report.good())
                .map(report -> String.join("\n", report.story()) + "\n" + report.text())
                .toList();
    }

    @Test
    void everyAimedScenarioKeepsWhatIsPromised() {
        for (var scenario : Aimed.ALL) {
            assertThat(bad(runs(scenario, SEEDS))).as(scenario.name()).isEmpty();
        }
    }

    @Test
    void whoReadsBackLosesNothingWhateverClocksDo() {
        var reports = runs(Scenarios.readingBack(Aimed.DRIFTING), DRIFTING_SEEDS);
        assertThat(bad(reports)).isEmpty();
    }
}
