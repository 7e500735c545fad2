package terrane.engine.region;

import org.duckdb.DuckDBConnection;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;

/// Stops what a connection does. The driver's own way, `Statement.cancel`, does nothing while a
/// streamed result is fetched, which is when a scan spends its time; so this calls what lies behind
/// it, which is not public.
final class Interruption {
    private static final VarHandle LOCK;
    private static final MethodHandle INTERRUPT;

    static {
        try {
            var lookup =
                    MethodHandles.privateLookupIn(DuckDBConnection.class, MethodHandles.lookup());
            LOCK = lookup.findVarHandle(DuckDBConnection.class, "connRefLock", ReentrantLock.class);
            INTERRUPT =
                    lookup.findVirtual(
                            DuckDBConnection.class, "interrupt", MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e); // another version of the driver
        }
    }

    private Interruption() {}

    /// Forgotten by DuckDB if nothing runs. Never blocks for long.
    static void interrupt(DuckDBConnection connection) throws Exception {
        var lock = (ReentrantLock) LOCK.get(connection);
        lock.lock();
        try {
            INTERRUPT.invokeExact(connection);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("interruption failed", e);
        } finally {
            lock.unlock();
        }
    }
}
