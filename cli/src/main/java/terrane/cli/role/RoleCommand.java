package terrane.cli.role;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import terrane.cli.config.Settings;
import terrane.cli.process.Ending;
import terrane.cli.process.ExitCode;
import terrane.cli.process.Logs;
import terrane.core.TerraneException;
import terrane.core.time.Threads;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/// Runs one role in the foreground until SIGTERM or Ctrl-C.
@Command(mixinStandardHelpOptions = true)
public final class RoleCommand implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(RoleCommand.class.getName());

    /// Starts a role; blocks until it serves.
    @FunctionalInterface
    public interface Start {
        Role start(Settings settings) throws InterruptedException;
    }

    private final Start start;
    private final Ending ending;

    /// Why the role can never serve again, once it cannot.
    private final AtomicReference<@Nullable TerraneException> over = new AtomicReference<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "settings, one 'key = value' a line; may be given several times")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "one setting; stronger than the environment and the file")
    private List<String> flags = new ArrayList<>();

    @Option(names = "--with-parent", hidden = true, description = "end with standard input")
    private boolean withParent;

    public RoleCommand(Start start, Ending ending) {
        this.start = start;
        this.ending = ending;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logs.toStandardError();
        var settings = Settings.load(files, System.getenv(), flags);
        if (withParent) {
            ending.withParent(System.in);
        }
        try (var role = start.start(settings)) {
            LOG.log(System.Logger.Level.INFO, "ready: {0}", role.describe());
            Threads.virtual("role-over", () -> awaitOver(role));
            ending.await();
            LOG.log(System.Logger.Level.INFO, "ends in order");
        } catch (InterruptedException | RuntimeException e) {
            if (!ending.asked()) {
                throw e;
            }
        }
        var failure = over.get();
        if (failure != null) {
            throw failure;
        }
        return ExitCode.OK;
    }

    private void awaitOver(Role role) {
        try {
            over.set(role.awaitOver());
            ending.ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
