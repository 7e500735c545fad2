package terrane.engine.region;

import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/// The DuckDB of one role instance: in memory, with a budget of its own, shut in its folders, its
/// work done on a few platform threads, because native calls pin virtual ones.
public final class Duck implements AutoCloseable {
    /// Sessions at once, which are scans. An idle one is a connection of some ten kilobytes and a
    /// stream with a megabyte of buffered rows: 64 MiB in all. Each has one step at most in the
    /// pool's queue, a step takes some milliseconds on average, so the last waits for about a
    /// second; then it is better to say no.
    static final int SESSIONS_MAX = 64;

    /// Single steps at once, which are flushes. Apart, so that scans cannot keep memory from being
    /// flushed. As many as there could be regions that flush at the same time.
    static final int RUNS_MAX = 64;

    private final DuckDBConnection root;
    private final Settings settings;
    private final Clock clock;
    private final ExecutorService pool;
    private final Semaphore places = new Semaphore(SESSIONS_MAX);
    private final Semaphore runs = new Semaphore(RUNS_MAX);
    private final Set<DuckSession> sessions = ConcurrentHashMap.newKeySet();

    /// @param memoryBytes for everything that DuckDB holds; what does not fit is spilled
    /// @param threads that DuckDB computes with, and as many for our calls into it
    /// @param spill a folder for what does not fit into memory
    /// @param folders which SQL may read and write; nothing else on this machine
    /// @param stepTimeout how long one step may take
    public record Settings(
            long memoryBytes, int threads, Path spill, List<Path> folders, Duration stepTimeout) {
        public Settings {
            folders = List.copyOf(folders);
        }
    }

    private Duck(DuckDBConnection root, Settings settings, Clock clock) {
        this.root = root;
        this.settings = settings;
        this.clock = clock;
        this.pool = Threads.nativePool("duck", Math.max(2, settings.threads()));
    }

    /// Starts it; blocks for some ten milliseconds.
    public static Duck open(Settings settings, Clock clock) {
        var properties = new Properties();
        properties.setProperty("memory_limit", settings.memoryBytes() + "B");
        properties.setProperty("threads", Integer.toString(settings.threads()));
        properties.setProperty("temp_directory", settings.spill().toString());
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        try {
            var connection = DriverManager.getConnection("jdbc:duckdb:", properties);
            var root = connection.unwrap(DuckDBConnection.class);
            shutIn(root, settings.folders());
            return new Duck(root, settings, clock);
        } catch (SQLException e) {
            throw new IllegalStateException("duckdb does not start: " + settings, e);
        }
    }

    /// The order matters: the last statement refuses every later change.
    private static void shutIn(DuckDBConnection root, List<Path> folders) throws SQLException {
        var allowed =
                folders.stream()
                        .map(folder -> Sql.text(folder.toAbsolutePath().normalize() + "/"))
                        .collect(Collectors.joining(", ", "[", "]"));
        try (var statement = root.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET allowed_directories = " + allowed);
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        }
    }

    /// Work on a connection. Runs on a platform thread and must not wait for anything but DuckDB.
    @FunctionalInterface
    public interface Step<T> {
        T run(DuckDBConnection connection) throws SQLException, IOException;
    }

    /// Runs one step in a session of its own.
    ///
    /// @throws TerraneException see [DuckSession#run]
    public <T> T run(Step<T> step) throws InterruptedException {
        try (var session = open(runs)) {
            return session.run(step);
        }
    }

    /// A connection of one's own, for results that are read step by step.
    ///
    /// @throws TerraneException.Unavailable with code OVERLOADED if there are too many
    public DuckSession session() {
        return open(places);
    }

    private DuckSession open(Semaphore places) {
        if (!places.tryAcquire()) {
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED, "too many queries at once sessionsMax=%d", SESSIONS_MAX);
        }
        var session =
                new DuckSession(
                        root,
                        pool,
                        clock,
                        settings.stepTimeout(),
                        left -> {
                            sessions.remove(left);
                            places.release();
                        });
        sessions.add(session);
        return session;
    }

    /// Stops what runs, waits until it has stopped, and lets everything go.
    @Override
    public void close() {
        pool.shutdown();
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            sessions.forEach(DuckSession::cancel);
            try {
                clock.sleep(DuckSession.CANCEL_EVERY);
            } catch (InterruptedException e) {
                interrupted = true; // once stopped, native work must not be left behind either
            }
        }
        sessions.forEach(DuckSession::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            root.close();
        } catch (SQLException e) {
            throw new IllegalStateException("duckdb does not stop", e);
        }
    }
}
