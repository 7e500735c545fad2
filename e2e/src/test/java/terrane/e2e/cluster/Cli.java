package terrane.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Commands of `terrane` that end, each in a process of its own.
public final class Cli {
    private Cli() {}

    /// Runs one that must succeed.
    ///
    /// @param words after `terrane`
    /// @return what it printed
    public static String run(List<String> words) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Child.JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("terrane.cli.Terrane");
        command.addAll(words);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("terrane %s: %s", words, said).isZero();
        return said;
    }
}
