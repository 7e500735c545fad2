package terrane.wire.rpc;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.time.Clock;
import terrane.wire.Reply;
import terrane.wire.codec.MessageCodec;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The replies to one request, from the thread that receives to the one that waits.
final class Pending<R extends Reply> {
    private final Class<R> type;
    private final int partsMax;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<R> parts = new ArrayDeque<>(); // at most partsMax
    private boolean ended;
    private @Nullable TerraneException failure;

    Pending(Class<R> type, int partsMax, Clock clock) {
        this.type = type;
        this.partsMax = partsMax;
        this.clock = clock;
    }

    /// @return empty after the last part
    Optional<R> next(long deadlineNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!await(deadlineNanos)) {
                failure = TerraneException.uncertain(ErrorCode.TIMED_OUT, "no answer in time");
            }
            if (!parts.isEmpty()) {
                return Optional.of(parts.remove());
            }
            if (failure != null) {
                throw failure;
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// @return whether [#next] would not wait
    boolean await(long deadlineNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (parts.isEmpty() && failure == null && !ended) {
                if (clock.passed(deadlineNanos)) {
                    return false;
                }
                clock.await(changed, clock.until(deadlineNanos));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isOver() {
        lock.lock();
        try {
            return ended || failure != null;
        } finally {
            lock.unlock();
        }
    }

    /// Decodes here, so that a reply which is no reply fails this request and not the connection.
    void arrived(ByteReader message) {
        try {
            var reply = MessageCodec.decode(message);
            if (!type.isInstance(reply)) {
                throw message.corrupt("reply is " + reply.getClass().getSimpleName());
            }
            add(type.cast(reply));
        } catch (TerraneException e) {
            fail(e);
        }
    }

    private void add(R reply) {
        lock.lock();
        try {
            if (parts.size() >= partsMax) {
                failure =
                        TerraneException.corrupt(
                                ErrorCode.CORRUPT_RECORD, "peer sends more than it may");
            } else {
                parts.add(reply);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void fail(TerraneException reason) {
        lock.lock();
        try {
            failure = failure == null ? reason : failure;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A deadline for [#next] that far from now.
    long within(Duration atMost) {
        return clock.nanosAfter(atMost);
    }
}
