package terrane.cli.sql;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.TerminalBuilder;

import terrane.cli.process.ExitCode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// Reads statements from a terminal, with history and editing.
final class Prompt {
    private static final Path HISTORY =
            Path.of(System.getProperty("user.home"), ".terrane_history");

    /// Lines that the history file keeps; some hundred kilobytes.
    private static final int HISTORY_MAX = 5_000;

    private final SqlSession session;

    Prompt(SqlSession session) {
        this.session = session;
    }

    /// Until the user leaves.
    int run() throws InterruptedException {
        System.out.println("terrane sql, \\? for help, history in " + HISTORY);
        try (var terminal = TerminalBuilder.builder().system(true).build()) {
            var reader =
                    LineReaderBuilder.builder()
                            .terminal(terminal)
                            .appName("terrane")
                            .variable(LineReader.HISTORY_FILE, HISTORY)
                            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_MAX)
                            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                            .build();
            read(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("no terminal", e);
        }
        return ExitCode.OK;
    }

    private void read(LineReader reader) throws InterruptedException {
        var text = "";
        while (true) {
            try {
                boolean first = text.isBlank();
                var line = reader.readLine(session.database() + (first ? "=> " : "-> "));
                boolean command = first && line.strip().startsWith("\\");
                if (command && !session.command(line.strip())) {
                    return;
                }
                text = command ? "" : tell(text + line + "\n");
            } catch (UserInterruptException e) {
                text = ""; // Ctrl-C throws the statement away
            } catch (EndOfFileException e) {
                return;
            }
        }
    }

    /// @return what is not a whole statement yet
    private String tell(String text) throws InterruptedException {
        var cut = Statements.cut(text);
        for (var statement : cut.whole()) {
            session.tell(statement);
        }
        return cut.rest();
    }
}
