package terrane.core.time;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;

/// The real clock. `System.nanoTime` is CLOCK_MONOTONIC, which stands still while a machine is
/// suspended and would keep a lease alive in a machine that slept; so leases are timed by
/// CLOCK_BOOTTIME, read through `clock_gettime(2)`.
public final class SystemClock implements Clock {
    private static final int CLOCK_BOOTTIME = 7;
    private static final MethodHandle CLOCK_GETTIME =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker()
                                    .defaultLookup()
                                    .find("clock_gettime")
                                    .orElseThrow(),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS),
                            // The call takes well under a microsecond and never blocks.
                            Linker.Option.critical(true));

    @Override
    public long nanos() {
        // A critical downcall may pass heap memory, so no arena is needed per call.
        long[] timespec = new long[2];
        try {
            int failed =
                    (int)
                            CLOCK_GETTIME.invokeExact(
                                    CLOCK_BOOTTIME, MemorySegment.ofArray(timespec));
            if (failed != 0) {
                throw new IllegalStateException("clock_gettime failed: clock=CLOCK_BOOTTIME");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("clock_gettime failed: clock=CLOCK_BOOTTIME", e);
        }
        return timespec[0] * 1_000_000_000L + timespec[1];
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    @SuppressWarnings(
            "WaitNotInLoop") // the caller loops: a spurious wake-up is part of the contract
    public boolean await(Condition condition, Duration duration) throws InterruptedException {
        return condition.awaitNanos(duration.toNanos()) > 0;
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration duration)
            throws InterruptedException {
        return queue.poll(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> T get(Future<T> future, Duration duration)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
