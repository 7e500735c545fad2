package terrane.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// That a terminal's last line may change, and that nothing else ever sees a line that passes.
class ScreenTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private Screen screen(boolean terminal) {
        return new Screen(new PrintStream(written, true, StandardCharsets.UTF_8), terminal);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8).replace("\r\033[2K", "<erase>");
    }

    @Test
    void aPassingLineGivesWayToTheNextOneOnATerminal() {
        var screen = screen(true);
        screen.passing("10 %");
        screen.passing("20 %");
        screen.line("done");

        assertThat(text()).isEqualTo("10 %<erase>20 %<erase>done" + System.lineSeparator());
    }

    @Test
    void onlyLinesThatStayAreWrittenToAnythingElse() {
        var screen = screen(false);
        screen.passing("10 %");
        screen.line("done");

        assertThat(text()).isEqualTo("done" + System.lineSeparator());
    }

    @Test
    void aBarIsAsFullAsItsShare() {
        assertThat(ProgressBar.draw(0)).isEqualTo("[........................]");
        assertThat(ProgressBar.draw(0.5)).isEqualTo("[############............]");
        assertThat(ProgressBar.draw(7)).isEqualTo("[########################]");
    }
}
