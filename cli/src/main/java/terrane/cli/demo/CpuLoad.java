package terrane.cli.demo;

/// Rows in the shape of TSBS' cpu-only workload: ten tags, ten fields, every host every tick.
final class CpuLoad {
    static final String TABLE = "cpu";

    private static final String[] FIELDS = {
        "usage_user", "usage_system", "usage_idle", "usage_nice", "usage_iowait",
        "usage_irq", "usage_softirq", "usage_steal", "usage_guest", "usage_guest_nice"
    };
    private static final String[] REGIONS = {"eu-west-1", "us-east-1", "ap-southeast-2"};
    private static final String[] SYSTEMS = {"Ubuntu16.10", "Ubuntu16.04LTS", "Ubuntu15.10"};
    private static final String[] TEAMS = {"LON", "NYC", "SF", "CHI"};
    private static final String[] ENVIRONMENTS = {"production", "staging", "test"};

    /// A prime far from the others, so that neighbours differ.
    private static final long STRIDE = 7_919;

    private CpuLoad() {}

    /// One line for each host; a host has one row per tick.
    static String lines(int firstHost, int hosts, long tick, long nanos) {
        var text = new StringBuilder();
        for (int host = firstHost; host < firstHost + hosts; host++) {
            tags(text, host);
            for (int i = 0; i < FIELDS.length; i++) {
                long value = Math.floorMod((host + 1) * STRIDE + tick * (i + 3) + i * 37L, 101);
                text.append(i == 0 ? ' ' : ',').append(FIELDS[i]).append('=').append(value);
            }
            text.append(' ').append(nanos).append('\n');
        }
        return text.toString();
    }

    private static void tags(StringBuilder text, int host) {
        var region = pick(REGIONS, host);
        text.append(TABLE).append(",hostname=host_").append(host);
        text.append(",region=").append(region);
        text.append(",datacenter=").append(region).append((char) ('a' + host % 3));
        text.append(",rack=").append(host % 100);
        text.append(",os=").append(pick(SYSTEMS, host / 3));
        text.append(",arch=").append(host % 2 == 0 ? "x64" : "x86");
        text.append(",team=").append(pick(TEAMS, host / 7));
        text.append(",service=").append(host % 20);
        text.append(",service_version=").append(host % 2);
        text.append(",service_environment=").append(pick(ENVIRONMENTS, host / 5));
    }

    private static String pick(String[] from, int number) {
        return from[Math.floorMod(number, from.length)];
    }
}
