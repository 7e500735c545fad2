package terrane.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One search by Jazzer, in a JVM of its own: its agent instruments whatever is loaded there.
///
/// The seed is fixed, so that a build that passed passes again: how far a search gets depends on
/// the machine, where it goes does not.
final class JazzerRun {
    /// An input that takes longer is a hang; the slowest take a few milliseconds.
    private static final int INPUT_SECONDS_MAX = 5;

    /// 16 KiB: enough for every loop to go round often, short enough for thousands a second.
    private static final int INPUT_BYTES_MAX = 16 << 10;

    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs");

    private final Path folder;
    private final List<String> command = new ArrayList<>();

    /// @param folder for the log, new inputs and findings; emptied first
    JazzerRun(Path folder) {
        this.folder = folder;
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx512m",
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path")));
    }

    /// What a search came to.
    ///
    /// @param runs how many inputs were read, 0 if it did not come to its end
    /// @param findings inputs of which something did not hold
    /// @param corpus inputs that reached what no other did
    record Result(int exitCode, long runs, List<Path> findings, List<Path> corpus, String log) {}

    static Result of(Target target, Path folder, Path inputs, Duration time) throws Exception {
        var run = new JazzerRun(folder);
        run.command.add("-D" + EntryPoint.PROPERTY + "=" + target);
        return run.search(EntryPoint.class, List.of(inputs.toString()), time);
    }

    static Result of(Class<?> entry, Path folder, Duration time) throws Exception {
        return new JazzerRun(folder).search(entry, List.of(), time);
    }

    private Result search(Class<?> entry, List<String> inputs, Duration time)
            throws IOException, InterruptedException {
        empty();
        command.addAll(
                List.of(
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + entry.getName(),
                        "--instrumentation_includes=terrane.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/finding-",
                        "-seed=1",
                        "-timeout=" + INPUT_SECONDS_MAX,
                        "-max_len=" + INPUT_BYTES_MAX,
                        "-max_total_time=" + time.toSeconds(),
                        folder.resolve("corpus").toString()));
        command.addAll(inputs);
        var log = folder.resolve("log.txt");
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            int exitCode = process.waitFor();
            var said = Files.readString(log, StandardCharsets.ISO_8859_1);
            var findings = files(folder).stream().filter(JazzerRun::isFinding).toList();
            return new Result(
                    exitCode, runs(said), findings, files(folder.resolve("corpus")), said);
        } finally {
            process.destroyForcibly();
        }
    }

    private void empty() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(folder.resolve("corpus"));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static boolean isFinding(Path file) {
        return file.getFileName().toString().startsWith("finding-");
    }

    private static long runs(String said) {
        var done = DONE.matcher(said);
        return done.find() ? Long.parseLong(done.group(1)) : 0;
    }
}
