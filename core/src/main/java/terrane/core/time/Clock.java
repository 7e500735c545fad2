package terrane.core.time;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;

/// The passing of time, and every wait that time may end. All timed waiting goes through here, so
/// that a simulation can own it.
public interface Clock {
    /// Nanoseconds on a scale of this machine's own that counts while the machine is suspended
    /// (CLOCK_BOOTTIME). Compare by difference only, and never across machines.
    long nanos();

    /// Wall-clock time, for people and for logs; nothing is decided by it.
    Instant now();

    void sleep(Duration duration) throws InterruptedException;

    /// Waits on `condition`, whose lock the caller holds, at most for `duration`.
    ///
    /// @return false if the time ran out; true otherwise, also on a spurious wake-up
    boolean await(Condition condition, Duration duration) throws InterruptedException;

    /// @return the head of the queue, or null if none came in time
    <T> @Nullable T poll(BlockingQueue<T> queue, Duration duration) throws InterruptedException;

    /// @throws TimeoutException if the future was not done in time; it is not cancelled
    <T> T get(Future<T> future, Duration duration)
            throws InterruptedException, ExecutionException, TimeoutException;

    default long nanosAfter(Duration duration) {
        return nanos() + duration.toNanos();
    }

    /// What remains until `deadlineNanos`; zero when it has passed.
    default Duration until(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - nanos()));
    }

    default boolean passed(long deadlineNanos) {
        return nanos() - deadlineNanos >= 0;
    }
}
