package terrane.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// That the manual says what the program does.
class SettingTableTest {
    private static Path manual() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/operating"))) {
            folder = Objects.requireNonNull(folder.getParent(), "not run from within a checkout");
        }
        return folder.resolve("docs/operating/settings.md");
    }

    @Test
    void theManualShowsEverySettingAsItIs() throws IOException {
        assertThat(Files.readString(manual()))
                .as("paste what SettingTable.markdown() returns into docs/operating/settings.md")
                .endsWith("\n\n" + SettingTable.markdown());
    }

    @Test
    void noSettingIsInAGroupThatTheManualForgets() {
        assertThat(Arrays.stream(Setting.values()).map(s -> s.key().replaceFirst("\\..*", "")))
                .allSatisfy(group -> assertThat(SettingTable.groups()).contains(group));
    }

    @Test
    void helpFitsOnAnOrdinaryTerminal() {
        var lines = SettingTable.help(Setting.of("metasrv", "kafka")).split("%n");

        assertThat(lines).hasSizeGreaterThan(10).allMatch(line -> line.length() <= 80);
    }
}
