package terrane.bench;

import org.HdrHistogram.Histogram;

import java.util.Collection;

/// Durations of one kind, as they are reported.
///
/// @param count how many there were; all else is 0 if none
record Figures(long count, double p50, double p90, double p99, double max) {
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    static Figures of(Collection<Long> nanos) {
        var histogram = new Histogram(DIGITS);
        nanos.forEach(histogram::recordValue);
        return of(histogram);
    }

    static Figures of(Histogram nanos) {
        return new Figures(
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / NANOS_PER_MILLI,
                nanos.getValueAtPercentile(90) / NANOS_PER_MILLI,
                nanos.getValueAtPercentile(99) / NANOS_PER_MILLI,
                nanos.getMaxValue() / NANOS_PER_MILLI);
    }
}
