package terrane.e2e.load;

import terrane.core.time.Clock;
import terrane.core.time.SystemClock;

import java.time.Duration;

/// How clients wait between requests, and for how long faults last: they have a pace, as real ones
/// do.
public record Pauses(Clock clock) {
    public Pauses() {
        this(new SystemClock());
    }

    public void sleep(Duration duration) throws InterruptedException {
        clock.sleep(duration);
    }
}
