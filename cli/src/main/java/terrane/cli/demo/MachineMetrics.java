package terrane.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What this machine is doing, as `/proc` says.
final class MachineMetrics {
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /// `/proc/diskstats` counts in these, whatever the device has.
    private static final long SECTOR_BYTES = 512;

    /// Whole disks; their partitions would be counted twice.
    private static final Pattern DISK =
            Pattern.compile("sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\\d+n\\d+");

    private static final String[] CPU = {"user", "nice", "system", "idle", "iowait"};

    private final Path proc;
    private long[] ticksBefore;

    MachineMetrics(Path proc) {
        this.proc = proc;
        this.ticksBefore = cpuTicks();
    }

    /// Shares of CPU time since the last call, in percent; all else as of now.
    Map<String, Double> read() {
        var values = new LinkedHashMap<String, Double>();
        cpu(values);
        memory(values);
        disk(values);
        network(values);
        processes(values);
        return values;
    }

    private long[] cpuTicks() {
        var words = words(lines("stat").getFirst());
        long[] ticks = new long[words.length - 1];
        for (int i = 0; i < ticks.length; i++) {
            ticks[i] = Long.parseLong(words[i + 1]);
        }
        return ticks;
    }

    private void cpu(Map<String, Double> values) {
        long[] now = cpuTicks();
        long all = 0;
        for (int i = 0; i < now.length; i++) {
            all += now[i] - ticksBefore[i];
        }
        for (int i = 0; i < CPU.length; i++) {
            double share = all == 0 ? 0 : 100.0 * (now[i] - ticksBefore[i]) / all;
            values.put("cpu_" + CPU[i], share);
        }
        ticksBefore = now;
    }

    private void memory(Map<String, Double> values) {
        var kilobytes = new HashMap<String, Double>();
        for (var line : lines("meminfo")) {
            var words = words(line.replace(":", ""));
            kilobytes.put(words[0], Double.parseDouble(words[1]));
        }
        double total = kilobytes.getOrDefault("MemTotal", 0.0);
        double available = kilobytes.getOrDefault("MemAvailable", 0.0);
        values.put("memory_total_bytes", total * 1024);
        values.put("memory_used_bytes", (total - available) * 1024);
    }

    private void disk(Map<String, Double> values) {
        double read = 0;
        double written = 0;
        for (var line : lines("diskstats")) {
            var words = words(line.strip());
            if (DISK.matcher(words[2]).matches()) {
                read += Double.parseDouble(words[5]) * SECTOR_BYTES;
                written += Double.parseDouble(words[9]) * SECTOR_BYTES;
            }
        }
        values.put("disk_read_bytes", read);
        values.put("disk_written_bytes", written);
    }

    private void network(Map<String, Double> values) {
        double received = 0;
        double sent = 0;
        for (var line : lines("net/dev")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                var words = words(line.substring(colon + 1).strip());
                received += Double.parseDouble(words[0]);
                sent += Double.parseDouble(words[8]);
            }
        }
        values.put("network_received_bytes", received);
        values.put("network_sent_bytes", sent);
    }

    private void processes(Map<String, Double> values) {
        var words = words(lines("loadavg").getFirst());
        var counts = words[3].split("/", -1);
        values.put("load_1m", Double.parseDouble(words[0]));
        values.put("processes_running", Double.parseDouble(counts[0]));
        values.put("processes_total", Double.parseDouble(counts[1]));
    }

    private static String[] words(String line) {
        return BLANKS.split(line, -1);
    }

    private List<String> lines(String name) {
        var file = proc.resolve(name);
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
