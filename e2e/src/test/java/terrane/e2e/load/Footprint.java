package terrane.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.TestCluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What each process of a cluster that runs holds of the machine now, as the kernel counts it.
///
/// @param processes by the child's name
public record Footprint(Map<String, Held> processes) {
    private static final String RESIDENT = "VmRSS:";
    private static final String THREADS = "Threads:";

    /// A migration opens and closes readers, a read opens files, and a client's connections come
    /// and go with their own timeouts: each well below this, and a leak of one for each of some
    /// hundred flushes, scans or faults well above.
    private static final long HANDLES_GROWTH_MAX = 60;

    /// The same of the machine's threads: pools fill up to their bounds, and producers and
    /// consumers of the log come and go.
    private static final long THREADS_GROWTH_MAX = 40;

    /// The heap, which may fill before it is collected (400, 160, 300 and 300 MB), and more for
    /// code, classes, DuckDB, rows in memory and the network. Measured: 260, 250, 320 and 260.
    private static final Map<String, Long> RESIDENT_MEGABYTES_MAX =
            Map.of("broker", 600L, "metasrv", 400L, "datanode", 750L, "frontend", 650L);

    /// @param residentMegabytes memory that is its own or mapped, in use
    /// @param handles open files and sockets
    /// @param threads of the machine; virtual ones are none
    public record Held(long residentMegabytes, long handles, long threads) {}

    public static Footprint of(TestCluster cluster) throws IOException {
        var processes = new LinkedHashMap<String, Held>();
        for (var child : cluster.children()) {
            held(child).ifPresent(held -> processes.put(child.name(), held));
        }
        return new Footprint(processes);
    }

    /// Empty if it does not run, or has ended while it was looked at.
    private static Optional<Held> held(Child child) throws IOException {
        if (!child.running()) {
            return Optional.empty();
        }
        try {
            return Optional.of(heldNow(child));
        } catch (IOException e) {
            if (child.running()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Held heldNow(Child child) throws IOException {
        var proc = Path.of("/proc", Long.toString(child.pid()));
        var status = Files.readAllLines(proc.resolve("status"));
        try (var handles = Files.list(proc.resolve("fd"))) {
            return new Held(
                    number(status, RESIDENT) / 1024, handles.count(), number(status, THREADS));
        }
    }

    private static long number(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).replace("kB", "").strip())
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /// That nobody has grown beyond what comes and goes.
    ///
    /// @param before of all processes, when they had done everything once
    public void checkFlatSince(Footprint before) {
        processes.forEach((name, held) -> {
            var was = Optional.ofNullable(before.processes.get(name)).orElseThrow();
            assertThat(held.handles())
                    .as("open files of %s, before: %s", name, before)
                    .isLessThan(was.handles() + HANDLES_GROWTH_MAX);
            assertThat(held.threads())
                    .as("threads of %s, before: %s", name, before)
                    .isLessThan(was.threads() + THREADS_GROWTH_MAX);
            assertThat(held.residentMegabytes())
                    .as("megabytes of %s, before: %s", name, before)
                    .isLessThan(residentMegabytesMax(name));
        });
    }

    private static long residentMegabytesMax(String child) {
        var role = child.split("-", -1)[0];
        return Optional.ofNullable(RESIDENT_MEGABYTES_MAX.get(role)).orElseThrow();
    }
}
