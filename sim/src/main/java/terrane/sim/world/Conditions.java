package terrane.sim.world;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Finds the lock of a condition, and lock and condition of a queue. The JDK's own timed waits go
/// by real time, which a simulation does not have.
///
/// Needs `java.util.concurrent` and its `locks` opened.
final class Conditions {
    private static final Field SYNC =
            field(AbstractQueuedSynchronizer.ConditionObject.class, "this$0");
    private static final Field LOCK = field(ArrayBlockingQueue.class, "lock");
    private static final Field NOT_EMPTY = field(ArrayBlockingQueue.class, "notEmpty");

    private Conditions() {}

    private static Field field(Class<?> type, String name) {
        try {
            var field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this JDK has no " + type + "." + name, e);
        }
    }

    private static Object value(Field field, Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs `task` while holding the lock that the condition belongs to.
    static void locked(Condition condition, Runnable task) {
        var sync = (AbstractQueuedSynchronizer) value(SYNC, condition);
        sync.acquire(1);
        try {
            task.run();
        } finally {
            sync.release(1);
        }
    }

    /// Waits until the queue has something, or the time is over.
    static void awaitAny(BlockingQueue<?> queue, SimClock clock, Duration atMost)
            throws InterruptedException {
        var lock = (ReentrantLock) value(LOCK, queue);
        var notEmpty = (Condition) value(NOT_EMPTY, queue);
        lock.lockInterruptibly();
        try {
            if (queue.isEmpty()) {
                clock.await(notEmpty, atMost);
            }
        } finally {
            lock.unlock();
        }
    }
}
