package terrane.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import terrane.sim.cluster.Run;

import java.util.logging.Level;
import java.util.logging.Logger;

/// A cluster that nothing happens to.
class CalmTest {
    /// What is printed is printed under a monitor, which threads outside of the world hold too.
    @BeforeAll
    static void quiet() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    @Test
    void nothingGoesWrongWhereNothingHappens() {
        var report = new Run(Scenarios.CALM, 1).execute();
        assertThat(report.good()).as(report.text() + String.join("\n", report.story())).isTrue();
    }
}
