package terrane.datanode.region;

import java.time.Duration;
import java.util.Arrays;

/// A recent median of append latencies, for the prediction of write gaps. Not thread-safe.
final class AppendLatency {
    /// Enough for a stable median, and recent: 64 writes are a few milliseconds under load.
    private static final int SAMPLES_MAX = 64;

    private final long[] samples = new long[SAMPLES_MAX];
    private int count;

    void add(long nanos) {
        samples[count++ % SAMPLES_MAX] = nanos;
    }

    /// Zero without any sample.
    Duration median() {
        int filled = Math.min(count, SAMPLES_MAX);
        if (filled == 0) {
            return Duration.ZERO;
        }
        long[] sorted = Arrays.copyOf(samples, filled);
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[filled / 2]);
    }
}
