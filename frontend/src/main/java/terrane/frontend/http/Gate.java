package terrane.frontend.http;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets requests in until the frontend drains, and counts those that are inside.
public final class Gate {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private int inside;
    private boolean closed;

    public Gate(Clock clock) {
        this.clock = clock;
    }

    /// @throws TerraneException.Unavailable once the gate is closed
    void enter() {
        lock.lock();
        try {
            if (closed) {
                throw TerraneException.unavailable(
                        ErrorCode.SHUTTING_DOWN, "this frontend is shutting down");
            }
            inside++;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            inside--;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean open() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /// Lets nobody in any more and waits for those inside.
    ///
    /// @return whether all have left in time
    public boolean drain(Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lockInterruptibly();
        try {
            closed = true;
            while (inside > 0 && !clock.passed(deadline)) {
                clock.await(left, clock.until(deadline));
            }
            return inside == 0;
        } finally {
            lock.unlock();
        }
    }
}
