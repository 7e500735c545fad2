package terrane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import terrane.cli.process.Ending;
import terrane.cli.process.ExitCode;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// That every command helps, and that scripts learn what went wrong by the exit code.
class TerraneTest {
    private final StringWriter out = new StringWriter();

    private CommandLine commands() {
        return Terrane.commands(Ending.unsignalled(new SystemClock()))
                .setOut(new PrintWriter(out, true));
    }

    private static void collect(CommandLine line, List<CommandLine> into) {
        into.add(line);
        line.getSubcommands().values().forEach(each -> collect(each, into));
    }

    @Test
    void everyCommandHasHelpThatTellsTheExitCodes() {
        var all = new ArrayList<CommandLine>();
        collect(commands(), all);

        assertThat(all).hasSizeGreaterThan(14);
        assertThat(all)
                .allSatisfy(line -> {
                    assertThat(line.isUsageHelpRequested()).isFalse();
                    assertThat(line.getUsageMessage()).contains("Exit codes:");
                });
    }

    @Test
    void theHelpOfARoleListsItsSettingsWithTheirDefaults() {
        assertThat(commands().execute("datanode", "--help")).isZero();

        assertThat(out.toString())
                .contains("datanode.rpc.bind = 127.0.0.1:4101")
                .contains("storage.kind = local")
                .contains("metasrv.members")
                .doesNotContain("broker.port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "region",
                "region migrate",
                "region migrate 1 --from 0",
                "region migrate 1 --from 0 --to 1 --replay-timeout 5",
                "region migrate x --from 0 --to 1",
                "procedure show",
                "metasrv backup",
                "metasrv restore",
                "up --metasrvs two",
                "demo --moves 0",
                "up --metasrvs 2 --data target/never",
                "up --data pom.xml/below-a-file",
                "demo --data pom.xml/below-a-file",
                "datanode --config target/no-such-file",
                "datanode --config target/test-classes",
                "sql --output xml -e x",
                "datanode --set datanode.name=1",
                "sql --frontend nowhere -e x"
            })
    void wrongUsageIsExitCodeTwo(String arguments) {
        assertThat(commands().execute(arguments.split(" ", -1))).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sql --frontend 127.0.0.1:1 -e x",
                "region list --frontend 127.0.0.1:1",
                "node list --frontend 127.0.0.1:1",
                "procedure list --metasrv 127.0.0.1:1",
                "metasrv backup --metasrv 127.0.0.1:1 target/never",
                "region migrate 1 --from 0 --to 1 --metasrv 127.0.0.1:1"
            })
    void nobodyThereIsExitCodeThree(String arguments) {
        assertThat(commands().execute(arguments.split(" ", -1))).isEqualTo(ExitCode.UNAVAILABLE);
    }

    @Test
    void everyFailureHasItsExitCode() {
        assertThat(ExitCode.of(TerraneException.rejected(ErrorCode.TABLE_NOT_FOUND, "x"))).isOne();
        assertThat(ExitCode.of(TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, "x")))
                .isEqualTo(2);
        assertThat(ExitCode.of(TerraneException.unavailable(ErrorCode.UNREACHABLE, "x")))
                .isEqualTo(3);
        assertThat(
                        ExitCode.of(
                                new TerraneException.Unavailable(
                                        ErrorCode.TIMED_OUT, "x", Duration.ZERO, null)))
                .isEqualTo(3);
        assertThat(ExitCode.of(TerraneException.uncertain(ErrorCode.OUTCOME_UNKNOWN, "x"))).isOne();
    }
}
