package terrane.query.select;

import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// One query's connection: its steps run one at a time on the database's threads, and all of them
/// within one deadline. Used by one thread.
final class SelectSession implements AutoCloseable {
    /// Between two tries to cancel a statement that may not have begun.
    private static final Duration ASK_AGAIN = Duration.ofMillis(20);

    private final SelectDatabase database;
    private final long deadlineNanos;
    private volatile @Nullable DuckDBConnection connection;
    private volatile @Nullable Statement running;

    /// Something to be done with DuckDB, natively.
    interface Step<T> {
        T run() throws SQLException, IOException;
    }

    SelectSession(SelectDatabase database, long deadlineNanos) {
        this.database = database;
        this.deadlineNanos = deadlineNanos;
    }

    /// Within a step; opened by the first.
    DuckDBConnection connection() throws SQLException {
        var open = connection;
        if (open == null) {
            open = database.connect();
            connection = open;
        }
        return open;
    }

    BufferAllocator allocator() {
        return database.allocator();
    }

    Clock clock() {
        return database.clock();
    }

    /// Within a step: a statement that is cancelled when the time is up.
    Statement statement() throws SQLException {
        var statement = connection().createStatement();
        running = statement;
        return statement;
    }

    /// Within a step.
    void execute(String sql) throws SQLException {
        try (var statement = statement()) {
            statement.execute(sql);
        }
    }

    /// Runs a step on a platform thread and waits for it. When the time is up, or this thread is
    /// interrupted, the step is cancelled and has ended when this returns.
    <T> T run(Step<T> step) throws InterruptedException {
        var turn = new AtomicReference<>(Turn.WAITING);
        Future<T> future = database.pool().submit(() -> inTurn(turn, step));
        try {
            return database.clock().get(future, database.clock().until(deadlineNanos));
        } catch (TimeoutException e) {
            end(future, turn);
            throw tooSlow();
        } catch (InterruptedException e) {
            end(future, turn);
            throw e;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    /// Whether a step waits for a thread, has one, or lost its turn.
    private enum Turn {
        WAITING,
        TAKEN,
        FORFEITED
    }

    private static <T> T inTurn(AtomicReference<Turn> turn, Step<T> step)
            throws SQLException, IOException {
        if (!turn.compareAndSet(Turn.WAITING, Turn.TAKEN)) {
            throw new CancellationException("nobody waits for this step");
        }
        return step.run();
    }

    /// @throws TerraneException.Rejected if the query's time is up
    void checkTime() {
        if (database.clock().passed(deadlineNanos)) {
            throw tooSlow();
        }
    }

    private static TerraneException tooSlow() {
        return TerraneException.rejected(
                ErrorCode.TIMED_OUT,
                "the query took too long and was stopped; ask for less time or fewer rows");
    }

    private RuntimeException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case SQLException sql -> DuckErrors.translated(sql);
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            case null, default -> new IllegalStateException("a step of a query failed", e);
        };
    }

    /// A statement that has not begun cannot be cancelled, so this asks until the step has ended.
    /// It cannot be interrupted: a connection must not be closed under a running step.
    private void end(Future<?> future, AtomicReference<Turn> turn) throws InterruptedException {
        if (turn.compareAndSet(Turn.WAITING, Turn.FORFEITED)) {
            return;
        }
        boolean interrupted = false;
        Clock clock = database.clock();
        while (!future.isDone()) {
            cancelRunning();
            try {
                var _ = clock.get(future, ASK_AGAIN);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException | ExecutionException e) {
                // To be asked once more, or ended by our asking: the loop's condition knows.
            }
        }
        if (interrupted) {
            throw new InterruptedException("interrupted while a query was being stopped");
        }
    }

    private void cancelRunning() {
        var statement = running;
        try {
            if (statement != null) {
                statement.cancel();
            }
        } catch (SQLException e) {
            // It has been closed: its step is about to end.
            running = null;
        }
    }

    /// Returns at once; the connection and its tables go on a platform thread, soon afterwards.
    @Override
    public void close() {
        try {
            database.pool().execute(this::release);
        } catch (RejectedExecutionException e) {
            // The database is closing, and takes its connections with it.
            database.left();
        }
    }

    private void release() {
        try (var _ = connection) {
            connection = null;
        } catch (SQLException e) {
            throw new IllegalStateException("a connection to duckdb does not close", e);
        } finally {
            database.left();
        }
    }
}
