package terrane.cli.up;

import terrane.cli.config.Settings;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.engine.wal.broker.ChildJvm;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A node in a JVM of its own, started again some time after it has died. It ends when this process
/// does, however that happens, because its standard input ends.
final class NodeProcess implements Node {
    /// Long enough to see the others take over, and then the node come back.
    static final Duration RESTART_PAUSE = Duration.ofSeconds(10);

    /// A frontend waits for requests that are being answered, 31 s at most.
    private static final Duration STOP_MAX = Duration.ofSeconds(40);

    /// What a child is started with.
    ///
    /// @param role as `terrane` calls it
    /// @param name for people, for example `datanode 1`
    /// @param heap as after `-Xmx`
    record Program(String role, String name, String heap, Settings settings, Path log) {}

    private final Program program;
    private final ChildJvm jvm;
    private final Clock clock;
    private final Consumer<String> news;
    private volatile Process process;
    private boolean stopping;

    private NodeProcess(Program program, Clock clock, Consumer<String> news) {
        this.program = program;
        this.clock = clock;
        this.news = news;
        this.jvm = jvm(program);
        this.process = jvm.start();
    }

    /// @param news is told when the process dies and when it is started again
    static NodeProcess start(Program program, Clock clock, Consumer<String> news) {
        var node = new NodeProcess(program, clock, news);
        Threads.virtual("supervise-" + program.name(), node::supervise);
        return node;
    }

    private static ChildJvm jvm(Program program) {
        var flags = new ArrayList<String>();
        flags.addAll(
                List.of(
                        "-Xms32m",
                        "-Xmx" + program.heap(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED"));
        flags.addAll(learned());
        var arguments = new ArrayList<String>();
        arguments.addAll(List.of("terrane.cli.Terrane", program.role(), "--with-parent"));
        for (var flag : program.settings().asFlags()) {
            arguments.addAll(List.of("--set", flag));
        }
        return new ChildJvm("terrane", flags, arguments, program.log());
    }

    /// What this JVM was given of earlier runs' classes and profiles (see `bin/terrane`), nodes may
    /// have as well.
    private static List<String> learned() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-XX:AOTCache=") || flag.startsWith("-Xlog:aot"))
                .toList();
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
            process = jvm.start();
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
        ChildJvm.end(last, clock, STOP_MAX);
    }
}
