package terrane.engine.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// What DuckDB may not do here: read outside its folders, change its settings, take more than it
/// was given, or go on when nobody wants the answer any more.
class DuckTest {
    private static final String ENDLESS =
            "SELECT count(*) FROM range(1000000000) a, range(1000000000) b"
                    + " WHERE (a.range * 7 + b.range) % 11 = 3";

    @TempDir Path folder;

    private Duck open(Duration stepTimeout) {
        var settings =
                new Duck.Settings(
                        64L << 20, 2, folder.resolve("spill"), List.of(folder), stepTimeout);
        return Duck.open(settings, new SystemClock());
    }

    private static String execute(DuckDBConnection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            return result.next() ? String.valueOf(result.getString(1)) : "";
        }
    }

    @Test
    void libraryIsNotCopiedForEachProcess() throws Exception {
        try (var _ = open(Duration.ofSeconds(10));
                var loaded = Files.lines(Path.of("/proc/self/maps"))) {
            assertThat(loaded.filter(line -> line.contains("libduckdb_java")).toList())
                    .isNotEmpty()
                    .allMatch(line -> line.contains("/target/libduckdb_java.so_"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM read_csv('/etc/passwd')",
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM read_blob('FOLDER/../../etc/passwd')",
                "SELECT * FROM glob('/etc/*')",
                "COPY (SELECT 1) TO '/tmp/terrane-must-not-appear.parquet'",
                "ATTACH '/tmp/terrane-must-not-appear.db'",
                "INSTALL httpfs",
                "LOAD httpfs",
                "SELECT * FROM read_parquet('https://localhost/x.parquet')",
                "SET enable_external_access = true",
                "SET memory_limit = '100GB'",
                "SET allowed_directories = ['/']"
            })
    void staysInsideItsFolders(String sql) {
        try (var duck = open(Duration.ofMinutes(1))) {
            var attempt = sql.replace("FOLDER", folder.toString());
            assertThatThrownBy(() -> duck.run(connection -> execute(connection, attempt)))
                    .isInstanceOf(TerraneException.class);
        }
    }

    @Test
    void timeZoneIsUtc() throws Exception {
        try (var duck = open(Duration.ofMinutes(1))) {
            String zone = duck.run(c -> execute(c, "SELECT current_setting('TimeZone')"));
            assertThat(zone).isEqualTo("UTC");
        }
    }

    @Test
    void stepThatTakesTooLongIsStopped() {
        try (var duck = open(Duration.ofMillis(50))) {
            assertThatThrownBy(() -> duck.run(connection -> execute(connection, ENDLESS)))
                    .isInstanceOfSatisfying(
                            TerraneException.Unavailable.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
        }
    }

    @Test
    void interruptedCallerStopsTheQuery() throws Exception {
        try (var duck = open(Duration.ofMinutes(1))) {
            var began = new CountDownLatch(1);
            var ended = new ArrayList<Throwable>();
            var caller =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    duck.run(connection -> {
                                        began.countDown();
                                        return execute(connection, ENDLESS);
                                    });
                                } catch (InterruptedException e) {
                                    ended.add(e);
                                }
                            });
            began.await();
            caller.interrupt();
            caller.join();
            assertThat(ended).hasSize(1);
        }
    }

    @Test
    void tooManySessionsAreRefused() {
        try (var duck = open(Duration.ofMinutes(1))) {
            var sessions = new ArrayList<DuckSession>();
            for (int i = 0; i < Duck.SESSIONS_MAX; i++) {
                sessions.add(duck.session());
            }
            assertThatThrownBy(duck::session)
                    .isInstanceOfSatisfying(
                            TerraneException.Unavailable.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
            sessions.forEach(DuckSession::close);
        }
    }

    @Test
    void notEnoughMemoryIsSaidAndSurvived() throws Exception {
        try (var duck = open(Duration.ofMinutes(1))) {
            var hungry =
                    "CREATE TEMP TABLE hungry AS"
                            + " SELECT string_agg(range::VARCHAR, ' ') FROM range(100000000)";
            assertThatThrownBy(() -> duck.run(connection -> execute(connection, hungry)))
                    .isInstanceOfSatisfying(
                            TerraneException.Unavailable.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
            String one = duck.run(connection -> execute(connection, "SELECT 1"));
            assertThat(one).isEqualTo("1");
        }
    }

    @Test
    void closingStopsWhatRuns() throws Exception {
        var duck = open(Duration.ofMinutes(1));
        var began = new CountDownLatch(1);
        var ended = new ArrayList<Throwable>();
        var caller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                duck.run(connection -> {
                                    began.countDown();
                                    return execute(connection, ENDLESS);
                                });
                            } catch (TerraneException | InterruptedException e) {
                                ended.add(e);
                            }
                        });
        began.await();
        duck.close();
        caller.join();
        assertThat(ended).hasSize(1);
    }
}
