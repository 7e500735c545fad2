package terrane.engine.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.WalOffset;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.time.SystemClock;
import terrane.engine.memtable.Memtable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// What is in a file, seen with DuckDB itself: order, no duplicates, and figures that are true.
/// What a scan makes of files is shown by `RegionScanTest`.
class FlushWriterTest {
    private static final int RECORDS = 10;
    private static final int TIMES = 30_000;
    private static final TableSchema SCHEMA =
            new TableSchema(
                    1,
                    List.of(
                            new Column(1, "h", ColumnType.STRING, Column.Semantic.TAG, true),
                            new Column(
                                    2,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Column.Semantic.TIMESTAMP,
                                    false)),
                    MergeMode.LAST_ROW);

    @TempDir Path folder;

    private static RowBatch batch(SplittableRandom random) {
        int rows = 40_000;
        byte[][] hosts = new byte[100][];
        Arrays.setAll(hosts, i -> ("host" + i).getBytes(StandardCharsets.UTF_8));
        int[] codes = random.ints(rows, 0, hosts.length).toArray();
        long[] times = random.longs(rows, 0, TIMES).toArray();
        times[0] = 0;
        times[1] = TIMES - 1;
        var none = Optional.<long[]>empty();
        return new RowBatch(
                1,
                rows,
                List.of(
                        new ColumnValues.Bytes(1, ColumnType.STRING, none, hosts, codes),
                        new ColumnValues.Longs(2, SCHEMA.timeIndex().type(), none, times)));
    }

    @Test
    void fileIsSortedAndWithoutDuplicates() throws Exception {
        var target = folder.resolve("f.parquet");
        var settings =
                new Duck.Settings(
                        256L << 20,
                        2,
                        folder.resolve("spill"),
                        List.of(folder),
                        Duration.ofMinutes(1));
        try (var allocator = new RootAllocator();
                var duck = Duck.open(settings, new SystemClock());
                var memtable = new Memtable(allocator, SCHEMA)) {
            var random = new SplittableRandom(7);
            for (int offset = 5; offset < 5 + RECORDS; offset++) {
                memtable.append(new WalOffset(offset), batch(random));
            }
            try (var snapshot = memtable.snapshot()) {
                var file =
                        new FlushWriter(duck, allocator).write(List.of(snapshot), SCHEMA, target);
                assertThat(file.rowCount()).isEqualTo(number(duck, distinct(target)));
                assertThat(file.rowCount()).isLessThan(snapshot.rowCount());
                assertThat(number(duck, outOfOrder(target))).isZero();
                assertThat(file.minTime()).isZero();
                assertThat(file.maxTime()).isEqualTo(TIMES - 1);
                assertThat(file.firstOffset()).isEqualTo(new WalOffset(5));
                assertThat(file.lastOffset()).isEqualTo(new WalOffset(5 + RECORDS - 1));
                assertThat(file.sizeBytes()).isEqualTo(Files.size(target));
            }
        }
    }

    private static String distinct(Path file) {
        return "SELECT count(DISTINCT (c1, c2)) FROM read_parquet('%s')".formatted(file);
    }

    /// How many rows do not lie strictly behind the row before.
    private static String outOfOrder(Path file) {
        return """
        SELECT count(*) FROM (SELECT c1, c2, lag(c1) OVER w AS p1, lag(c2) OVER w AS p2
        FROM read_parquet('%s', file_row_number = true) WINDOW w AS (ORDER BY file_row_number))
        WHERE p1 IS NOT NULL AND (c1, c2) <= (p1, p2)\
        """
                .formatted(file);
    }

    private static long number(Duck duck, String sql) throws InterruptedException {
        return duck.run(connection -> {
            try (var statement = connection.createStatement();
                    var result = statement.executeQuery(sql)) {
                result.next();
                return result.getLong(1);
            }
        });
    }
}
