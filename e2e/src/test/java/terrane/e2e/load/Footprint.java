package terrane.e2e.load;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.TestCluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What each process of a cluster holds of the machine now, as the kernel counts it.
///
/// @param processes by the child's name
public record Footprint(Map<String, Held> processes) {
    private static final String RESIDENT = "VmRSS:";

    /// @param residentMegabytes memory that is its own or mapped, in use
    /// @param handles open files and sockets
    public record Held(long residentMegabytes, long handles) {}

    public static Footprint of(TestCluster cluster) throws IOException {
        var processes = new LinkedHashMap<String, Held>();
        for (var child : cluster.children()) {
            processes.put(child.name(), held(child));
        }
        return new Footprint(processes);
    }

    /// What the child of this name holds.
    public Held of(String child) {
        return Optional.ofNullable(processes.get(child)).orElseThrow();
    }

    private static Held held(Child child) throws IOException {
        var proc = Path.of("/proc", Long.toString(child.pid()));
        long kilobytes =
                Files.readAllLines(proc.resolve("status")).stream()
                        .filter(line -> line.startsWith(RESIDENT))
                        .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow();
        try (var handles = Files.list(proc.resolve("fd"))) {
            return new Held(kilobytes / 1024, handles.count());
        }
    }
}
