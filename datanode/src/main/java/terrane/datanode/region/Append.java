package terrane.datanode.region;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.rows.RowBatch;
import terrane.core.time.Clock;
import terrane.core.wal.ReplayRule;
import terrane.core.wal.WalRecord;
import terrane.wire.datanode.DataRequest.Written;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// A record on its way into the log, and what its sender waits for: the decision, once it has
/// landed, whether it may be acknowledged.
final class Append {
    private final WalRecord record;
    private final Optional<RowBatch> batch;
    private final long sentNanos;
    private final CompletableFuture<Written> decision = new CompletableFuture<>();

    /// Both known to the region's own thread alone.
    private boolean landed;

    private Optional<ReadBack> readBack = Optional.empty();

    /// Where the own tail has found the record, and what it is by the replay rule.
    record ReadBack(WalOffset offset, ReplayRule.Verdict verdict) {}

    /// @param batch decoded, for rows
    /// @param sentNanos when it is given to the producer
    Append(WalRecord record, Optional<RowBatch> batch, long sentNanos) {
        this.record = record;
        this.batch = batch;
        this.sentNanos = sentNanos;
    }

    WalRecord record() {
        return record;
    }

    Optional<RowBatch> batch() {
        return batch;
    }

    long sentNanos() {
        return sentNanos;
    }

    void hasLanded() {
        landed = true;
    }

    boolean landed() {
        return landed;
    }

    void wasRead(ReadBack where) {
        readBack = Optional.of(where);
    }

    Optional<ReadBack> readBack() {
        return readBack;
    }

    void acknowledge(Written written) {
        decision.complete(written);
    }

    void refuse(TerraneException why) {
        decision.completeExceptionally(why);
    }

    /// Waits for the decision; never on the region's own thread.
    ///
    /// @throws TerraneException.Uncertain if it was not decided in time, or not for certain
    Written await(Clock clock, Duration atMost) throws InterruptedException {
        try {
            return clock.get(decision, atMost);
        } catch (TimeoutException e) {
            throw TerraneException.uncertain(
                    ErrorCode.TIMED_OUT,
                    "append was not acknowledged in time: region=%s waited=%s",
                    record.header().region(),
                    atMost);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TerraneException decided) {
                throw decided;
            }
            throw new TerraneException.Uncertain(
                    ErrorCode.OUTCOME_UNKNOWN, "append failed", e.getCause());
        }
    }
}
