package terrane.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.TestCluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many virtual threads each process has, which the kernel does not see: one for each region,
/// procedure, connection and request in service, so that what piles up anywhere piles up here.
public final class VirtualThreads {
    private VirtualThreads() {}

    /// @return by the name of the child; of those that run, zero if one has just ended
    public static Map<String, Long> of(TestCluster cluster)
            throws IOException, InterruptedException {
        var counts = new LinkedHashMap<String, Long>();
        for (var child : cluster.children()) {
            if (child.running()) {
                counts.put(child.name(), count(child));
            }
        }
        return counts;
    }

    private static long count(Child child) throws IOException, InterruptedException {
        var dump = Files.createTempFile(child.name(), ".threads");
        try {
            var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            var pid = Long.toString(child.pid());
            int code =
                    new ProcessBuilder(
                                    jcmd, pid, "Thread.dump_to_file", "-overwrite", dump.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor();
            assertThat(code == 0 || !child.running()).as("jcmd of %s", child.name()).isTrue();
            try (var lines = Files.lines(dump)) {
                return lines.filter(line -> line.startsWith("#") && line.contains("\" virtual"))
                        .count();
            }
        } finally {
            Files.delete(dump);
        }
    }
}
