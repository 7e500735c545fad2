package terrane.engine.manifest;

import org.jspecify.annotations.Nullable;

import terrane.core.time.Clock;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/// Time that passes only when somebody sleeps, and then at once.
final class SteppedClock implements Clock {
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos());
    }

    @Override
    public void sleep(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public boolean await(Condition condition, Duration duration) {
        sleep(duration);
        return false;
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration duration) {
        return queue.poll();
    }

    @Override
    public <T> T get(Future<T> future, Duration duration)
            throws InterruptedException, ExecutionException {
        return future.get();
    }
}
