package terrane.cli.process;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Where log lines go: what we say from INFO on, what libraries say from WARNING on, and from some
/// that cry wolf only what is severe.
public final class Logs {
    /// Three files of 16 MiB: days of a healthy cluster.
    private static final int FILE_BYTES_MAX = 16 << 20;

    private static final int FILES_MAX = 3;

    /// They warn of every connection that is refused while something restarts.
    private static final List<String> LOUD =
            List.of(
                    "org.apache.kafka.clients.NetworkClient",
                    "org.apache.kafka.clients.Metadata",
                    "org.apache.ratis",
                    "io.grpc");

    /// A logger is forgotten, with its level, unless somebody holds it.
    private static final List<Logger> HELD = new java.util.concurrent.CopyOnWriteArrayList<>();

    private Logs() {}

    /// Lines on standard error, for one role in the foreground.
    public static void toStandardError() {
        install(new ConsoleHandler());
    }

    /// Lines in a file, for commands whose output is for people.
    public static void toFile(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // The handler's own placeholders begin with a percent sign.
            var pattern = file.toAbsolutePath().toString().replace("%", "%%");
            install(new FileHandler(pattern + ".%g", FILE_BYTES_MAX, FILES_MAX, true));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the log " + file, e);
        }
    }

    /// No lines: for commands that say everything themselves.
    public static void nowhere() {
        var root = Logger.getLogger("");
        clear(root);
        level(root, Level.OFF);
    }

    private static void install(Handler handler) {
        handler.setFormatter(new Lines());
        handler.setLevel(Level.ALL);
        var root = Logger.getLogger("");
        clear(root);
        level(root, Level.WARNING);
        root.addHandler(handler);
        level(Logger.getLogger("terrane"), Level.INFO);
        LOUD.forEach(name -> level(Logger.getLogger(name), Level.SEVERE));
    }

    private static void clear(Logger root) {
        for (var handler : root.getHandlers()) {
            root.removeHandler(handler);
            handler.close();
        }
    }

    private static void level(Logger logger, Level level) {
        logger.setLevel(level);
        HELD.add(logger);
    }

    /// One line for each record, and the stack trace where there is one.
    static final class Lines extends Formatter {
        @Override
        public String format(LogRecord record) {
            var line =
                    "%s %s %s %s%n"
                            .formatted(
                                    record.getInstant(),
                                    record.getLevel(),
                                    record.getLoggerName(),
                                    formatMessage(record));
            var thrown = record.getThrown();
            if (thrown == null) {
                return line;
            }
            var trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            return line + trace;
        }
    }
}
