package terrane.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Coverage-guided search, from the inputs that are kept, for one that is neither read nor refused,
/// takes more memory than it may, or is written again as something else: 3 seconds for each target,
/// 3 minutes with `--soak`. Every input that reached something new is then read without the agent,
/// within the exact bound of memory.
///
/// What is found belongs into `fuzz/inputs` with the fix, and is tried with every build from then
/// on.
class SearchIT {
    private static final Duration TIME =
            Boolean.getBoolean("terrane.soak") ? Duration.ofMinutes(3) : Duration.ofSeconds(3);
    private static final Path OUTPUT = Inputs.root().resolve("fuzz/target/fuzz");

    /// Every target reads thousands a second; fewer say that nothing was searched.
    private static final long RUNS_MIN = 200;

    @ParameterizedTest
    @EnumSource(Target.class)
    void nothingIsFoundThatIsNeitherReadNorRefused(Target target) throws Exception {
        var folder = OUTPUT.resolve(target.folder());
        var result = JazzerRun.of(target, folder, Inputs.folder(target), TIME);
        assertThat(result.findings())
                .as("keep them in %s. %s", Inputs.folder(target), result.log())
                .isEmpty();
        assertThat(result.exitCode()).as("%s", result.log()).isZero();
        assertThat(result.runs()).as("%s", result.log()).isGreaterThan(RUNS_MIN);
        // Whatever was new to the search, once more without its agent, which allocates by itself.
        for (var input : result.corpus()) {
            byte[] bytes = Files.readAllBytes(input);
            assertThatCode(() -> target.check(bytes)).as("%s", input).doesNotThrowAnyException();
        }
    }

    @Test
    void aFaultThatChanceDoesNotFindIsFound() throws Exception {
        var result = JazzerRun.of(Planted.class, OUTPUT.resolve("planted"), Duration.ofSeconds(30));
        assertThat(result.exitCode()).as("%s", result.log()).isNotZero();
        assertThat(result.findings()).isNotEmpty();
        assertThat(Files.readString(result.findings().getFirst())).startsWith("terra");
    }
}
