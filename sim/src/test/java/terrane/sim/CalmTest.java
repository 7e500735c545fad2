package terrane.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.sim.cluster.Run;

/// A cluster that nothing happens to.
class CalmTest {
    @Test
    void nothingGoesWrongWhereNothingHappens() {
        var report = new Run(Scenarios.CALM, 1).execute();
        assertThat(report.good()).as(report.text() + String.join("\n", report.story())).isTrue();
    }
}
