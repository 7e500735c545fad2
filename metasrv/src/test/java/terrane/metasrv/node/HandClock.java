package terrane.metasrv.node;

import org.jspecify.annotations.Nullable;

import terrane.core.time.Clock;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/// A clock that stands still until it is moved; who sleeps on it moves it.
public final class HandClock implements Clock {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

    public void pass(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(0, nanos.get());
    }

    @Override
    public void sleep(Duration duration) {
        pass(duration);
    }

    @Override
    public boolean await(Condition condition, Duration duration) {
        pass(duration);
        return false;
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration duration) {
        pass(duration);
        return queue.poll();
    }

    @Override
    public <T> T get(Future<T> future, Duration duration) {
        return future.resultNow();
    }
}
