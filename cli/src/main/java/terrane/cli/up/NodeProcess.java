package terrane.cli.up;

import terrane.cli.config.Settings;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A node in a JVM of its own, started again some time after it has died. It ends when this process
/// does, however that happens, because its standard input ends.
final class NodeProcess implements Node {
    /// Long enough to see the others take over, and then the node come back.
    static final Duration RESTART_PAUSE = Duration.ofSeconds(10);

    /// A frontend waits for requests that are being answered, 31 s at most.
    private static final Duration STOP_MAX = Duration.ofSeconds(40);

    private static final System.Logger LOG = System.getLogger(NodeProcess.class.getName());

    /// What a child is started with.
    ///
    /// @param role as `terrane` calls it
    /// @param name for people, for example `datanode 1`
    /// @param heap as after `-Xmx`
    record Program(String role, String name, String heap, Settings settings, Path log) {}

    private final Program program;
    private final Clock clock;
    private final Consumer<String> news;
    private volatile Process process;
    private boolean stopping;

    private NodeProcess(Program program, Clock clock, Consumer<String> news) {
        this.program = program;
        this.clock = clock;
        this.news = news;
        this.process = spawn();
    }

    /// @param news is told when the process dies and when it is started again
    static NodeProcess start(Program program, Clock clock, Consumer<String> news) {
        var node = new NodeProcess(program, clock, news);
        Threads.virtual("supervise-" + program.name(), node::supervise);
        return node;
    }

    private List<String> command() {
        var command = new ArrayList<String>();
        // Ctrl-C reaches every process of a terminal; the nodes are to end in order, by us.
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "terrane"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xms32m",
                        "-Xmx" + program.heap(),
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:MinHeapFreeRatio=20",
                        "-XX:MaxHeapFreeRatio=40",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("terrane.cli.Terrane", program.role(), "--with-parent"));
        for (var flag : program.settings().asFlags()) {
            command.addAll(List.of("--set", flag));
        }
        return command;
    }

    private Process spawn() {
        try {
            Files.createDirectories(program.log().toAbsolutePath().getParent());
            return new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + program.name(), e);
        }
    }

    private void supervise() {
        try {
            while (true) {
                int status = process.waitFor();
                if (stopping()) {
                    return;
                }
                news.accept(
                        "%s ended with status %d; it is started again in %d s; log: %s"
                                .formatted(
                                        program.name(),
                                        status,
                                        RESTART_PAUSE.toSeconds(),
                                        program.log()));
                clock.sleep(RESTART_PAUSE);
                restart();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean stopping() {
        return stopping;
    }

    private synchronized void restart() {
        if (!stopping) {
            process = spawn();
            news.accept(program.name() + " is started again, " + note());
        }
    }

    /// @throws TerraneException.Unavailable if it has ended
    void refuseDead() {
        if (!process.isAlive()) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY,
                    "%s does not start; its log says why: %s",
                    program.name(),
                    program.log());
        }
    }

    @Override
    public String note() {
        return "pid " + process.pid();
    }

    @Override
    public synchronized void abandon() {
        stopping = true;
        process.destroyForcibly();
    }

    @Override
    public void close() {
        Process last;
        synchronized (this) {
            stopping = true;
            last = process;
        }
        try {
            last.getOutputStream().close(); // its standard input ends
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "process was gone: " + program.name(), e);
        }
        try {
            clock.get(last.onExit(), STOP_MAX);
        } catch (ExecutionException | TimeoutException e) {
            last.destroyForcibly();
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
