package terrane.sim.world;

import org.jspecify.annotations.Nullable;

import terrane.core.time.Clock;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;

/// The clock of one simulated process. Waits end by events of the world, never by real time.
public final class SimClock implements Clock {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final SimProcess process;

    SimClock(SimProcess process) {
        this.process = process;
    }

    @Override
    public long nanos() {
        long now = process.clockNanos();
        process.boundary();
        return now;
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(process.clockNanos());
    }

    /// Runs `task` once that much of this process's time has passed; one that sleeps with the
    /// machine wakes later by as much.
    private void timer(Duration duration, Runnable task) {
        long own = Math.max(0, duration.toNanos());
        timer(process.worldNanos(own) + 1, process.suspendedNanos(), task);
    }

    private void timer(long nanos, long suspendedBefore, Runnable task) {
        process.world()
                .after(
                        nanos,
                        () -> {
                            long slept = process.suspendedNanos() - suspendedBefore;
                            if (slept > 0) {
                                timer(slept, process.suspendedNanos(), task);
                            } else if (!process.isDead()) {
                                task.run();
                            }
                        });
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        var cell = new Cell();
        timer(duration, cell::wake);
        cell.await();
    }

    /// Waits at the cell, at most that long of this process's time.
    ///
    /// @return whether it was woken by others
    public boolean await(Cell cell, Duration duration) throws InterruptedException {
        boolean[] late = {false};
        timer(
                duration,
                () -> {
                    late[0] = !cell.isWoken();
                    cell.wake();
                });
        cell.await();
        return !late[0];
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the caller loops, as with the real clock
    public boolean await(Condition condition, Duration duration) throws InterruptedException {
        if (duration.isZero() || duration.isNegative()) {
            return false;
        }
        var wait = new Wait(condition);
        timer(duration, wait::timeOut);
        try {
            condition.await();
        } finally {
            wait.over = true;
        }
        return !wait.late;
    }

    /// One timed wait on a condition of the JDK.
    private final class Wait {
        private final Condition condition;
        private boolean over;
        private boolean late;

        Wait(Condition condition) {
            this.condition = condition;
        }

        /// To signal, one must hold the lock; others that wait wake up for nothing, as they may.
        void timeOut() {
            if (!over) {
                process.spawn("timeout", this::signal);
            }
        }

        private void signal() {
            if (over) {
                return;
            }
            Conditions.locked(
                    condition,
                    () -> {
                        if (!over) {
                            late = true;
                            condition.signalAll();
                        }
                    });
        }
    }

    @Override
    public <T> @Nullable T poll(BlockingQueue<T> queue, Duration duration)
            throws InterruptedException {
        long deadline = nanosAfter(duration);
        var head = queue.poll();
        while (head == null && !passed(deadline)) {
            Conditions.awaitAny(queue, this, until(deadline));
            head = queue.poll();
        }
        return head;
    }

    @Override
    public <T> T get(Future<T> future, Duration duration)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!future.isDone()) {
            var cell = new Cell();
            var waiter = new Thread[1];
            process.spawn(
                    "future",
                    () -> {
                        waiter[0] = Thread.currentThread();
                        awaitDone(future);
                        cell.wake();
                    });
            try {
                await(cell, duration);
            } finally {
                if (waiter[0] != null) {
                    waiter[0].interrupt();
                }
            }
        }
        if (!future.isDone()) {
            throw new TimeoutException();
        }
        return future.get();
    }

    private static void awaitDone(Future<?> future) {
        try {
            var _ = future.get();
        } catch (InterruptedException | ExecutionException e) {
            // Whoever asked looks for himself.
        }
    }
}
