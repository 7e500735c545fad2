package terrane.engine.wal.broker;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// How to start a small JVM with this process's own class path, and how to end it. It is to end by
/// itself when its standard input does, which is when this process is gone, however that happened.
///
/// @param name of the shell that becomes the JVM, for lists of processes
/// @param flags of the JVM, beside those that all have
/// @param arguments the main class and what comes after it
/// @param log what the process prints is appended here
public record ChildJvm(String name, List<String> flags, List<String> arguments, Path log) {
    private static final System.Logger LOG = System.getLogger(ChildJvm.class.getName());

    /// Measured: a small serial collector pauses for less than the default one on two cores, and
    /// leaves the memory to others. Classes take up to 64 MB; below the size given here their
    /// number alone starts no full collection, which would meet writes just when something new
    /// happens, such as a failover.
    private static final List<String> FLAGS =
            List.of(
                    "-Xss512k",
                    "-XX:+UseSerialGC",
                    "-XX:MinHeapFreeRatio=20",
                    "-XX:MaxHeapFreeRatio=40",
                    "-XX:MetaspaceSize=128m",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED");

    public ChildJvm {
        flags = List.copyOf(flags);
        arguments = List.copyOf(arguments);
    }

    /// @throws TerraneException.Rejected if there can be no such process
    public Process start() {
        try {
            var folder = log.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return new ProcessBuilder(command())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new TerraneException.Rejected(
                    ErrorCode.INVALID_ARGUMENT, "cannot start a process: " + e.getMessage(), e);
        }
    }

    private List<String> command() {
        var command = new ArrayList<String>();
        // Ctrl-C reaches every process of a terminal at once, but we end them in order: what a
        // shell ignores, its successor ignores too.
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", name));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(arguments);
        return command;
    }

    /// Ends the process in order, and by force if that takes too long.
    public static void end(Process process, Clock clock, Duration atMost) {
        try {
            process.getOutputStream().close(); // its standard input ends
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "process was gone: pid=" + process.pid(), e);
        }
        try {
            clock.get(process.onExit(), atMost);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
