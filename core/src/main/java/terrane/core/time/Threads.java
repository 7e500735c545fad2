package terrane.core.time;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/// Makes the few platform threads that Terrane needs: native calls (DuckDB, JNI) pin virtual
/// threads, measured at 0.7 s of silence on every other one, and heartbeats must never wait.
public final class Threads {
    private Threads() {}

    /// A daemon platform thread, not yet started.
    public static Thread platform(String name, Runnable body) {
        return Thread.ofPlatform().name(name).daemon(true).unstarted(body);
    }

    /// Names threads `prefix-0`, `prefix-1`, …; all daemons.
    public static ThreadFactory platformFactory(String prefix) {
        return Thread.ofPlatform().name(prefix + "-", 0).daemon(true).factory();
    }

    /// A pool for blocking native work; more work than `threads` waits in the pool's queue, which
    /// its callers bound.
    public static ExecutorService nativePool(String prefix, int threads) {
        return Executors.newFixedThreadPool(threads, platformFactory(prefix));
    }

    /// A started virtual thread.
    public static Thread virtual(String name, Runnable body) {
        return Thread.ofVirtual().name(name).start(body);
    }
}
