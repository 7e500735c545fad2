package terrane.cli.demo;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import terrane.cli.process.Ending;
import terrane.cli.process.ExitCode;
import terrane.cli.process.Logs;
import terrane.cli.screen.Screen;
import terrane.cli.up.ClusterOptions;
import terrane.cli.up.LocalCluster;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// A cluster, a load, a region that moves, and what came of it.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a cluster, writes into it without pause, moves a region to and fro, and tells"
                    + " what the writers noticed.",
            "%nOne table is this machine's own metrics, written by InfluxDB's Java client; the"
                + " other is a generated load in the shape of TSBS' cpu-only workload. Exit code 0"
                + " only if every row that was acknowledged is there, no write failed, and both"
                + " ends of every move agree."
        },
        footer = {"", ExitCode.HELP})
public final class DemoCommand implements Callable<Integer> {
    private static final int MOVES_MAX = 1_000;
    private static final int SECONDS_MAX = 86_400;

    private final Ending ending;

    @Mixin private ClusterOptions options = new ClusterOptions();

    @Option(
            names = "--moves",
            paramLabel = "N",
            defaultValue = "6",
            description = "how often the region moves; default ${DEFAULT-VALUE}")
    private int moves;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "20",
            description =
                    "how long is written, beside the time that the moves take; default"
                            + " ${DEFAULT-VALUE}")
    private int seconds;

    @Option(names = "--keep", description = "keep the folder, for 'terrane up --data DIR'")
    private boolean keep;

    public DemoCommand(Ending ending) {
        this.ending = ending;
    }

    @Override
    public Integer call() throws InterruptedException {
        within("--moves", moves, MOVES_MAX);
        within("--seconds", seconds, SECONDS_MAX);
        var screen = Screen.standard();
        boolean fresh = options.named().isEmpty();
        var folder = fresh ? temporary() : options.folder();
        boolean delete = fresh && !keep;
        screen.line("folder: %s%s".formatted(folder, delete ? " (deleted at the end)" : " (kept)"));
        boolean failed = true;
        try {
            int status = run(screen, folder);
            failed = status != ExitCode.OK;
            return status;
        } finally {
            Logs.nowhere(); // lets go of the log file
            if (delete && (!failed || ending.asked())) {
                delete(folder);
            } else if (delete) {
                screen.line("kept, because it failed: " + folder); // logs say why
            }
        }
    }

    private static void within(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "%s is from 1 to %d, not %d", option, most, value);
        }
    }

    private int run(Screen screen, Path folder) throws InterruptedException {
        if (options.withParent()) {
            ending.withParent(System.in);
        }
        screen.line("starting a cluster ...");
        Figures figures;
        try (var cluster = LocalCluster.start(options.plan(folder), screen::line)) {
            cluster.describe().forEach(screen::line);
            if (cluster.shape().datanodes() < 2) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_ARGUMENT, "a region needs two datanodes to move between");
            }
            figures = new Demo(cluster, screen, moves, Duration.ofSeconds(seconds)).run();
        }
        screen.line("");
        figures.lines().forEach(screen::line);
        return figures.good() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("terrane-demo-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            List<Path> deepestFirst = found.sorted(Comparator.reverseOrder()).toList();
            for (var path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
