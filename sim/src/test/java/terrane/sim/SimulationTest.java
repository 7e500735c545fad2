package terrane.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import terrane.sim.cluster.FaultKind;
import terrane.sim.cluster.Run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Many seeds, each a cluster of its own that is written to, read and hurt; and some of them twice,
/// since a run that cannot be repeated proves little.
///
/// `-Dterrane.seed=N` runs one seed alone and tells its story; `-Dterrane.seeds=N` says how many.
class SimulationTest {
    private static final long FIRST = 1_000;
    private static final int SEEDS = Integer.getInteger("terrane.seeds", 500);
    private static final int TWICE_EVERY = 25;

    /// Every scenario several times, with its faults; of another setting than the many.
    private static final int READING_BACK = 40;

    private static final int FOLLOWED = Integer.getInteger("terrane.followed.seeds", 44);

    @BeforeAll
    static void quiet() {
        Logger.getLogger("").setLevel(Level.OFF);
    }

    @Test
    void everySeedKeepsWhatIsPromisedAndEndsInCalm() {
        var only = Long.getLong("terrane.seed");
        var bad = new ArrayList<String>();
        Map<FaultKind, Integer> injected = new EnumMap<>(FaultKind.class);
        var seeds = only == null ? range() : List.of(only);
        for (long seed : seeds) {
            var report = new Run(Scenarios.of(seed), seed).execute();
            report.injected().forEach((kind, count) -> injected.merge(kind, count, Integer::sum));
            if (!report.good()) {
                bad.add(report.text());
            }
            if (only != null) {
                System.out.println(String.join("\n", report.story()));
            }
        }
        System.out.println("simulated seeds=" + seeds.size() + " injected=" + injected);
        assertThat(bad).as("replay with -Dterrane.seed=N").isEmpty();
    }

    private static List<Long> range() {
        var seeds = new ArrayList<Long>();
        for (long i = 0; i < SEEDS; i++) {
            seeds.add(FIRST + i);
        }
        return seeds;
    }

    @Test
    void nodesThatReadBackKeepTheSamePromises() {
        var bad = new ArrayList<String>();
        for (long seed = FIRST; seed < FIRST + READING_BACK; seed++) {
            var report = new Run(Scenarios.readingBack(seed), seed).execute();
            if (!report.good()) {
                bad.add(report.text());
            }
        }
        assertThat(bad).as("replay with Scenarios.readingBack(N)").isEmpty();
    }

    @Test
    void regionsThatAreFollowedKeepTheSamePromises() {
        var bad = new ArrayList<String>();
        for (long seed = FIRST; seed < FIRST + FOLLOWED; seed++) {
            var report = new Run(Scenarios.followed(seed), seed).execute();
            if (!report.good()) {
                bad.add(report.text());
            }
        }
        assertThat(bad).as("replay with Scenarios.followed(N)").isEmpty();
    }

    @Test
    void sameSeedIsTheSameRun() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed += TWICE_EVERY) {
            var scenario = Scenarios.of(seed);
            var first = new Run(scenario, seed).execute();
            var second = new Run(scenario, seed).execute();
            assertThat(second.digest()).as(first.text()).isEqualTo(first.digest());
            assertThat(second.story()).isEqualTo(first.story());
        }
    }
}
