package terrane.bench;

import terrane.core.Randomness;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A batch of rows in the shape of TSBS' cpu-only data, ten tags and ten fields, in line protocol.
/// Made once; only its times change from request to request, so that making rows costs the
/// benchmark next to nothing. For one thread.
final class CpuBatch {
    private static final String[] FIELDS = {
        "user", "system", "idle", "nice", "iowait", "irq", "softirq", "steal", "guest", "guest_nice"
    };

    /// Milliseconds of our era until the year 2286.
    private static final int TIME_DIGITS = 13;

    private final byte[] body;
    private final int[] timesAt;

    /// @param measurement the table
    /// @param writer whose hosts nobody else writes
    CpuBatch(String measurement, int writer, int rows, Randomness randomness) {
        var text = new StringBuilder();
        List<Integer> at = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int host = writer * rows + row;
            text.append(measurement)
                    .append(",hostname=host_%d,region=eu-central-1".formatted(host))
                    .append(",datacenter=eu-central-1a,rack=%d,os=Ubuntu16.10".formatted(host % 50))
                    .append(",arch=x64,team=SF,service=%d".formatted(host % 20))
                    .append(",service_version=1,service_environment=production ");
            for (int field = 0; field < FIELDS.length; field++) {
                text.append(field == 0 ? "usage_" : ",usage_")
                        .append(FIELDS[field])
                        .append('=')
                        .append(Long.remainderUnsigned(randomness.nextLong(), 1_000) / 10.0);
            }
            text.append(' ');
            at.add(text.length());
            text.repeat('0', TIME_DIGITS).append('\n');
        }
        this.body = text.toString().getBytes(StandardCharsets.US_ASCII);
        this.timesAt = at.stream().mapToInt(Integer::intValue).toArray();
    }

    int rows() {
        return timesAt.length;
    }

    int bytes() {
        return body.length;
    }

    /// The batch with all of its rows at one time; valid until the next call.
    byte[] at(long millis) {
        for (int at : timesAt) {
            long rest = millis;
            for (int digit = TIME_DIGITS - 1; digit >= 0; digit--) {
                body[at + digit] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        return body;
    }
}
