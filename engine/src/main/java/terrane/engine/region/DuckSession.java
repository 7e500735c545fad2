package terrane.engine.region;

import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// One connection to DuckDB, used step by step by one thread at a time. Between steps it holds no
/// thread. Any thread may cancel.
public final class DuckSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DuckSession.class.getName());

    /// DuckDB forgets an interruption that comes just before a query starts, so it is repeated.
    static final Duration CANCEL_EVERY = Duration.ofMillis(5);

    private final DuckDBConnection root;
    private final ExecutorService pool;
    private final Clock clock;
    private final Duration stepTimeout;
    private final Consumer<DuckSession> left;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean cancelled;
    private volatile @Nullable DuckDBConnection connection;

    DuckSession(
            DuckDBConnection root,
            ExecutorService pool,
            Clock clock,
            Duration stepTimeout,
            Consumer<DuckSession> left) {
        this.root = root;
        this.pool = pool;
        this.clock = clock;
        this.stepTimeout = stepTimeout;
        this.left = left;
    }

    /// Runs a step on a platform thread and waits for it. It has ended when this returns or throws,
    /// whatever the reason, so what it used may be freed.
    ///
    /// @throws TerraneException.Unavailable OVERLOADED: too much waits, or memory ran out;
    ///   TIMED_OUT: it took too long or was cancelled; SHUTTING_DOWN; FOLDER_FAILED: the disk
    /// @throws TerraneException.Corrupt if a file is not what it should be
    /// @throws InterruptedException if this thread is to stop; the step was stopped
    public <T> T run(Duck.Step<T> step) throws InterruptedException {
        var running = submit(step);
        try {
            return clock.get(running, stepTimeout);
        } catch (ExecutionException e) {
            throw DuckFailure.of(e.getCause(), cancelled);
        } catch (TimeoutException e) {
            stop(running);
            throw TerraneException.unavailable(
                    ErrorCode.TIMED_OUT, "query step took too long timeout=%s", stepTimeout);
        } catch (InterruptedException e) {
            stop(running);
            throw e;
        }
    }

    private <T> Future<T> submit(Duck.Step<T> step) {
        try {
            return pool.submit(() -> perform(step));
        } catch (RejectedExecutionException e) {
            throw TerraneException.unavailable(ErrorCode.SHUTTING_DOWN, "query engine is closed");
        }
    }

    private <T> T perform(Duck.Step<T> step) throws SQLException, IOException {
        var open = connection;
        if (open == null) {
            open = root.duplicate();
            connection = open;
        }
        if (cancelled) {
            throw new SQLException("cancelled before it began");
        }
        return step.run(open);
    }

    /// Cancels and waits until the step is over, so that nobody frees memory that it reads.
    private void stop(Future<?> running) {
        boolean interrupted = false;
        while (!running.isDone()) {
            cancel();
            try {
                clock.get(running, CANCEL_EVERY);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException | ExecutionException e) {
                LOG.log(System.Logger.Level.DEBUG, "cancelled query step", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Makes the running and every later step fail, soon. Safe from any thread, never blocks.
    public void cancel() {
        cancelled = true;
        var open = connection;
        if (open != null) {
            try {
                Interruption.interrupt(open);
            } catch (Exception e) {
                LOG.log(System.Logger.Level.DEBUG, "connection is closed already", e);
            }
        }
    }

    /// What is to be done between the last step and the end of the connection.
    @FunctionalInterface
    interface LastStep {
        void run() throws SQLException, IOException;
    }

    /// Gives the connection back; no step may be running. Harmless when repeated.
    @Override
    public void close() {
        closeAfter(() -> {});
    }

    /// Returns at once; `last` runs on a platform thread, then the connection is closed. If this
    /// was closed before, nothing is done.
    void closeAfter(LastStep last) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            pool.execute(() -> release(last));
        } catch (RejectedExecutionException e) {
            release(last); // the engine is closing, and this must happen before it has
        }
    }

    private void release(LastStep last) {
        try {
            last.run();
        } catch (SQLException | IOException e) {
            LOG.log(System.Logger.Level.WARNING, "query does not close", e);
        } finally {
            disconnect();
            left.accept(this);
        }
    }

    private void disconnect() {
        var open = connection;
        try {
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "connection does not close", e);
        }
    }
}
