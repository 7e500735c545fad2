package terrane.sim.world;

import java.util.concurrent.locks.LockSupport;

/// What one virtual thread waits at until somebody wakes it; made by the thread that waits.
public final class Cell {
    private final Thread waiter = Thread.currentThread();
    private boolean woken;

    /// Lets the waiter go on; harmless when repeated.
    public void wake() {
        if (!woken) {
            woken = true;
            LockSupport.unpark(waiter);
        }
    }

    public boolean isWoken() {
        return woken;
    }

    public void await() throws InterruptedException {
        while (!woken) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.park(this);
        }
    }

    /// Waits also if the thread is to stop, and leaves it so.
    public void awaitUninterruptibly() {
        boolean interrupted = false;
        while (!woken) {
            interrupted |= Thread.interrupted();
            LockSupport.park(this);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
