package terrane.frontend.write;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;

/// What is counted of writes, once each.
public final class WriteMeters {
    private final Counter rows;
    private final Counter failures;
    private final Counter redirects;
    private final Counter repeats;
    private final Timer parts;
    private final Timer gaps;

    public WriteMeters(MeterRegistry registry) {
        rows = registry.counter("terrane_frontend_rows_written");
        failures = registry.counter("terrane_frontend_write_failures");
        redirects = registry.counter("terrane_frontend_write_redirects");
        repeats = registry.counter("terrane_frontend_write_repeats");
        parts = timer(registry, "terrane_frontend_write");
        gaps = timer(registry, "terrane_frontend_write_gap");
    }

    private static Timer timer(MeterRegistry registry, String name) {
        return Timer.builder(name).publishPercentileHistogram().register(registry);
    }

    void written(long count, long nanos) {
        rows.increment((double) count);
        parts.record(Duration.ofNanos(nanos));
    }

    void failed() {
        failures.increment();
    }

    void redirected() {
        redirects.increment();
    }

    void repeated() {
        repeats.increment();
    }

    void gap(Duration longest) {
        gaps.record(longest);
    }
}
