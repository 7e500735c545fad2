package terrane.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Shows that a file that cannot be used is told with the reason, not with its name once more.
class ReasonsTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "nothing, no such file",
        "file/below, Not a directory",
        "latin, not UTF-8",
    })
    void theReasonStandsInTheMessage(String name, String reason) throws IOException {
        Files.writeString(folder.resolve("file"), "");
        Files.writeString(folder.resolve("latin"), "k = \u00e9", StandardCharsets.ISO_8859_1);

        assertThat(reading(folder.resolve(name))).contains(reason);
    }

    private static String reading(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return Reasons.of(e);
        }
    }

    @Test
    void whatIsForbiddenAndWhatIsInTheWayIsSaid() throws IOException {
        assertThat(Reasons.of(new AccessDeniedException("/x"))).contains("permission denied");
        var file = Files.writeString(folder.resolve("file"), "");
        try {
            Files.createDirectories(file);
        } catch (IOException e) {
            assertThat(Reasons.of(e)).contains("in the way").contains(file.toString());
            return;
        }
        throw new AssertionError("a folder was made where a file is");
    }
}
