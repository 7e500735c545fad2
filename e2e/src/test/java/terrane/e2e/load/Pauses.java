package terrane.e2e.load;

import terrane.core.time.Clock;
import terrane.core.time.SystemClock;

import java.time.Duration;

/// How clients wait between requests: they have a pace, as real ones do.
record Pauses(Clock clock) {
    Pauses() {
        this(new SystemClock());
    }

    void sleep(Duration duration) throws InterruptedException {
        clock.sleep(duration);
    }
}
