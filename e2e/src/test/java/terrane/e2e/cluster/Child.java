package terrane.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One role in a process of its own. Its log is a file; it ends with this process, which holds its
/// standard input.
public final class Child implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(90);

    /// A role drains and closes what it has; then it is killed.
    private static final Duration END_MAX = Duration.ofSeconds(60);

    /// Small, and quick to start, rather than fast in the long run.
    static final List<String> JVM =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:MetaspaceSize=128m",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED");

    private final String name;
    private final Path log;
    private final List<String> command;
    private final List<String> flags = new ArrayList<>();
    private @Nullable Process process;
    private long logBegan;

    /// @param enter what the command begins with, see [Place]
    /// @param settings `key=value`
    Child(
            Path folder,
            String name,
            String role,
            int heapMegabytes,
            List<String> enter,
            List<String> settings) {
        this.name = name;
        this.log = folder.resolve(name + ".log");
        this.command = new ArrayList<>(enter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.add("-Xmx" + heapMegabytes + "m");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of("terrane.cli.Terrane", role, "--with-parent"));
        settings.forEach(setting -> flags.addAll(List.of("--set", setting)));
        command.addAll(flags);
    }

    /// Its settings, as flags for any command that takes them.
    public List<String> flags() {
        return List.copyOf(flags);
    }

    public String name() {
        return name;
    }

    /// Begins to start; [#awaitReady] tells when it serves.
    void start() throws IOException {
        assertThat(running()).as("%s runs already", name).isFalse();
        logBegan = Files.exists(log) ? Files.size(log) : 0;
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
    }

    void awaitReady() {
        await(name + " is ready, see " + log)
                .atMost(START_MAX)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    var said = said();
                    assertThat(running()).as("%s ended: %s", name, said).isTrue();
                    return said.contains("ready: ");
                });
    }

    /// What it has logged since it was started last.
    public String said() throws IOException {
        var bytes = Files.readAllBytes(log);
        int from = (int) Math.min(logBegan, bytes.length);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    /// Its process id; the one of its last process if it does not run.
    public long pid() {
        var current = process;
        assertThat(current).as("%s was never started", name).isNotNull();
        return current.pid();
    }

    public boolean running() {
        var current = process;
        return current != null && current.isAlive();
    }

    /// As a crash: `kill -9`. Returns when it is gone.
    public void kill() throws InterruptedException {
        var current = process;
        if (current != null) {
            current.destroyForcibly();
            current.waitFor();
        }
    }

    /// Stands still from now on, without knowing.
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /// Goes on as if nothing had been.
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        var current = process;
        assertThat(current).as("%s was never started", name).isNotNull();
        int code =
                new ProcessBuilder("kill", "-" + signal, Long.toString(current.pid()))
                        .start()
                        .waitFor();
        assertThat(code).as("kill -%s %s", signal, name).isZero();
    }

    /// Asks it to end in order, by SIGTERM.
    void terminate() {
        var current = process;
        if (current != null) {
            current.destroy();
        }
    }

    /// Returns when it has ended by itself.
    public void awaitEnd() throws InterruptedException {
        var current = process;
        if (current != null && !current.waitFor(END_MAX.toSeconds(), TimeUnit.SECONDS)) {
            current.destroyForcibly().waitFor();
            throw new AssertionError(name + " did not end in order within " + END_MAX);
        }
    }

    /// Whatever state it is in: gone afterwards.
    @Override
    public void close() {
        var current = process;
        if (current != null) {
            current.destroyForcibly();
        }
    }
}
