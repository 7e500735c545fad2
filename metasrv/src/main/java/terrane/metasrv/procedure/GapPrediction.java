package terrane.metasrv.procedure;

import terrane.wire.datanode.Order.Position;
import terrane.wire.datanode.Order.Progress;

import java.time.Duration;

/// How long writes would wait if the region were handed over now: two appends in series, one
/// redirect, and whatever the target has not replayed yet.
final class GapPrediction {
    /// One round trip between a frontend and a datanode, and the frontend's turn.
    private static final Duration REDIRECT = Duration.ofMillis(1);

    /// Before anything was measured: an append with one fsync.
    private static final Duration APPEND_DEFAULT = Duration.ofMillis(2);

    /// Before anything was measured: 1 KiB records at the slowest replay that was seen.
    private static final long RECORDS_PER_SECOND_DEFAULT = 10_000;

    private GapPrediction() {}

    static Duration of(Position source, Progress target) {
        var append = source.appendLatency().isZero() ? APPEND_DEFAULT : source.appendLatency();
        long speed =
                target.recordsPerSecond() > 0
                        ? target.recordsPerSecond()
                        : RECORDS_PER_SECOND_DEFAULT;
        long lag = Math.max(0, source.applied().minus(target.applied()));
        var replay =
                Duration.ofSeconds(lag / speed).plusNanos(lag % speed * 1_000_000_000L / speed);
        return append.multipliedBy(2).plus(REDIRECT).plus(replay);
    }
}
