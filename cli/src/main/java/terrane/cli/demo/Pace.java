package terrane.cli.demo;

import terrane.core.time.Clock;

import java.time.Duration;

/// Ticks at even distances. Who is late goes on at once, and catches up on nothing.
final class Pace {
    private final Clock clock;
    private final Duration every;
    private long nextNanos;

    Pace(Clock clock, Duration every) {
        this.clock = clock;
        this.every = every;
        this.nextNanos = clock.nanos();
    }

    /// Blocks until it is time.
    void await() throws InterruptedException {
        clock.sleep(clock.until(nextNanos));
        long planned = nextNanos + every.toNanos();
        nextNanos = clock.passed(planned) ? clock.nanos() : planned;
    }
}
