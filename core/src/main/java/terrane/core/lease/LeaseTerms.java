package terrane.core.lease;

import java.time.Duration;

/// How long a lease lasts for its holder, and for how much longer the metasrv honours it.
///
/// @param duration what the holder counts, from the send time of its heartbeat
public record LeaseTerms(Duration duration) {
    /// Two clocks of one kind drift apart by far less than 1 % (a quartz oscillator: 0.01 %).
    private static final int DRIFT_PERCENT = 1;

    private static final Duration DRIFT_CONSTANT = Duration.ofMillis(20);

    /// What the metasrv waits, from when it answered, before it considers the lease lapsed.
    public Duration honoured() {
        return duration.plus(duration.multipliedBy(DRIFT_PERCENT).dividedBy(100))
                .plus(DRIFT_CONSTANT);
    }

    /// A sixth, so that five heartbeats may fail before a lease lapses.
    public Duration heartbeatInterval() {
        return duration.dividedBy(6);
    }
}
