package terrane.query.select;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.duckdb.DuckDBConnection;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/// The DuckDB of one role: in memory, sandboxed, bounded, and used on platform threads of its own.
public final class SelectDatabase implements AutoCloseable {
    /// Queries that run or wait for a thread, for each thread: at 100 ms each, the last in line
    /// waits for about two seconds; then it is better to say no.
    static final int QUEUED_PER_THREAD_MAX = 16;

    /// What a chunk of rows on its way into DuckDB may take; it is copied at once.
    private static final long ARROW_BYTES_MAX = 512L << 20;

    private static final List<String> SANDBOX =
            List.of(
                    "SET TimeZone = 'UTC'",
                    // 990 levels ended the process on a stack of 1 MiB, which Java's threads have.
                    "SET max_expression_depth = 250",
                    "CREATE MACRO version() AS 'Terrane 0.1 (DuckDB 2.0)'",
                    "CREATE MACRO database() AS 'public'",
                    "SET enable_external_access = false",
                    "SET lock_configuration = true");

    /// @param folder for what does not fit into memory; made if it is not there
    /// @param memoryBytes what all queries together may use before they spill
    /// @param threads that run queries, and as many for DuckDB's own work
    public record Limits(Path folder, long memoryBytes, int threads) {}

    private final DuckDBConnection root;
    private final BufferAllocator allocator = new RootAllocator(ARROW_BYTES_MAX);
    private final ExecutorService pool;
    private final Semaphore places;
    private final Clock clock;

    /// Starts it; blocks for some ten milliseconds.
    public SelectDatabase(Limits limits, Clock clock) {
        this.root = open(limits);
        this.clock = clock;
        this.pool = Threads.nativePool("select", limits.threads());
        this.places = new Semaphore(limits.threads() * QUEUED_PER_THREAD_MAX);
    }

    private static DuckDBConnection open(Limits limits) {
        var settings = new Properties();
        settings.setProperty("memory_limit", limits.memoryBytes() + "B");
        settings.setProperty("threads", Integer.toString(limits.threads()));
        settings.setProperty("temp_directory", limits.folder().toString());
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        try {
            Files.createDirectories(limits.folder());
            var connection = DriverManager.getConnection("jdbc:duckdb:", settings);
            for (String sql : SANDBOX) {
                try (var statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            }
            return connection.unwrap(DuckDBConnection.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make folder " + limits.folder(), e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot start duckdb", e);
        }
    }

    /// A place of its own for one query, with its own temporary tables.
    ///
    /// @throws TerraneException.Unavailable if too many queries run or wait
    SelectSession session(long deadlineNanos) {
        if (!places.tryAcquire()) {
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED, "too many queries at once; try again in a moment");
        }
        return new SelectSession(this, deadlineNanos);
    }

    /// Within a step.
    DuckDBConnection connect() throws SQLException {
        return root.duplicate().unwrap(DuckDBConnection.class);
    }

    void left() {
        places.release();
    }

    Clock clock() {
        return clock;
    }

    ExecutorService pool() {
        return pool;
    }

    BufferAllocator allocator() {
        return allocator;
    }

    /// Ends it; queries that still run fail.
    @Override
    public void close() {
        pool.shutdown();
        try {
            root.close();
        } catch (SQLException e) {
            throw new IllegalStateException("duckdb does not close", e);
        }
    }
}
