package terrane.sim.world;

import org.jspecify.annotations.Nullable;

import terrane.core.time.Clock;
import terrane.core.time.SystemClock;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;

/// Threads of a world that want a monitor which somebody else holds. The JVM wakes them by a thread
/// of its own, at a time that no seed decides; so a world waits for that and does nothing
/// meanwhile.
///
/// Needs `--add-opens java.base/java.lang=ALL-UNNAMED`, as [VirtualThreads] does.
final class Monitors {
    /// Real time. Whoever holds a monitor outside of the world gives it back soon; a thread of the
    /// world that holds one while it waits never would.
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);

    private static final Field STATE = state();
    private static final Set<Integer> AT_MONITOR =
            Set.of(constant("BLOCKING"), constant("BLOCKED"), constant("UNBLOCKED"));

    private final Clock realTime = new SystemClock();
    private final LinkedBlockingQueue<Runnable> woken = new LinkedBlockingQueue<>();

    /// Where a step keeps its thread.
    private @Nullable Field captured;

    /// The JVM says that this step can run again; from any thread.
    void woken(Runnable step) {
        woken.add(step);
    }

    /// Whether the thread whose step this is stopped because of a monitor.
    boolean meets(Runnable step) {
        try {
            return AT_MONITOR.contains(STATE.getInt(thread(step)));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @return false if nobody gives the monitor back
    boolean awaitWoken(Runnable step) {
        try {
            var next = realTime.poll(woken, WAIT_MAX);
            if (next != null && !next.equals(step)) {
                throw new IllegalStateException("another thread was woken than the one that runs");
            }
            return next != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    String stack(Runnable step) {
        return Arrays.toString(thread(step).getStackTrace());
    }

    /// A step is the method reference that a virtual thread made to its own method.
    private Thread thread(Runnable step) {
        var field = captured;
        if (field == null) {
            field =
                    Arrays.stream(step.getClass().getDeclaredFields())
                            .filter(each -> Thread.class.isAssignableFrom(each.getType()))
                            .findFirst()
                            .orElseThrow();
            field.setAccessible(true);
            captured = field;
        }
        try {
            return (Thread) field.get(step);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("this JDK runs virtual threads in another way", e);
        }
    }

    private static Field state() {
        try {
            var field = Class.forName("java.lang.VirtualThread").getDeclaredField("state");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK keeps states of threads elsewhere", e);
        }
    }

    private static int constant(String name) {
        try {
            var field = Class.forName("java.lang.VirtualThread").getDeclaredField(name);
            field.setAccessible(true);
            return field.getInt(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has other states of threads", e);
        }
    }
}
