package terrane.engine.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.scan.TimeRange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

/// What a memtable lets in, what a snapshot sees, and when memory is freed. That values of every
/// type come back as they went in is shown by `RegionScanTest`.
class MemtableTest {
    private static final TableSchema SCHEMA =
            new TableSchema(
                    3,
                    List.of(
                            column(1, ColumnType.STRING, Column.Semantic.TAG),
                            column(2, ColumnType.TIMESTAMP_MILLISECOND, Column.Semantic.TIMESTAMP),
                            column(3, ColumnType.UINT8, Column.Semantic.FIELD),
                            column(4, ColumnType.FLOAT64, Column.Semantic.FIELD)),
                    MergeMode.LAST_ROW);

    private final RootAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeftInMemory() {
        allocator.close();
    }

    private static Column column(int id, ColumnType type, Column.Semantic semantic) {
        return new Column(id, "c" + id, type, semantic, semantic != Column.Semantic.TIMESTAMP);
    }

    private static ColumnValues times(long... values) {
        return longs(2, ColumnType.TIMESTAMP_MILLISECOND, values);
    }

    private static ColumnValues.Longs longs(int id, ColumnType type, long... values) {
        return new ColumnValues.Longs(id, type, Optional.empty(), values);
    }

    private static ColumnValues hosts(byte[]... values) {
        int[] codes = new int[values.length];
        Arrays.setAll(codes, i -> i);
        return new ColumnValues.Bytes(1, ColumnType.STRING, Optional.empty(), values, codes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RowBatch batch(int rows, ColumnValues... columns) {
        return new RowBatch(3, rows, List.of(columns));
    }

    /// As many rows as its offset says, each with a host that names offset and row.
    private static RowBatch labelled(long offset, int rows) {
        byte[][] hosts = new byte[rows][];
        Arrays.setAll(hosts, row -> utf8(label(offset, row)));
        long[] times = new long[rows];
        Arrays.fill(times, offset);
        return batch(rows, hosts(hosts), times(times));
    }

    private static String label(long offset, int row) {
        return "h".repeat((int) (offset % 40)) + offset + "/" + row;
    }

    private void assertRejected(ErrorCode code, RowBatch batch) {
        assertThatThrownBy(() -> Memtable.check(batch, SCHEMA))
                .isInstanceOfSatisfying(
                        TerraneException.Rejected.class,
                        e -> assertThat(e.code()).as(e.text()).isEqualTo(code));
    }

    @Test
    void batchThatFitsIsLetIn() {
        Memtable.check(
                batch(1, hosts(utf8("ä")), times(5), longs(3, ColumnType.UINT8, 255)), SCHEMA);
        Memtable.check(batch(0), SCHEMA);
    }

    @Test
    void batchThatDoesNotFitIsRejected() {
        var nothing = Optional.of(new long[1]);
        var noTime =
                new ColumnValues.Longs(2, ColumnType.TIMESTAMP_MILLISECOND, nothing, new long[1]);
        assertRejected(
                ErrorCode.COLUMN_NOT_FOUND, batch(1, times(1), longs(9, ColumnType.INT8, 1)));
        assertRejected(ErrorCode.TYPE_MISMATCH, batch(1, times(1), longs(3, ColumnType.INT8, 1)));
        assertRejected(
                ErrorCode.TYPE_MISMATCH, batch(1, times(1), longs(4, ColumnType.FLOAT64, 1)));
        assertRejected(ErrorCode.TYPE_MISMATCH, batch(1, hosts(utf8("a"))));
        assertRejected(ErrorCode.TYPE_MISMATCH, batch(1, noTime));
        assertRejected(ErrorCode.TYPE_MISMATCH, batch(1, times(Long.MAX_VALUE)));
        assertRejected(
                ErrorCode.TYPE_MISMATCH, batch(1, times(1), longs(3, ColumnType.UINT8, 256)));
        assertRejected(
                ErrorCode.TYPE_MISMATCH, batch(1, times(1), hosts(new byte[] {(byte) 0xC3})));
        assertRejected(ErrorCode.INVALID_ARGUMENT, batch(1, times(1), times(1)));
    }

    @Test
    void smallDictionaryThatStandsForTooMuchIsRejected() {
        int rows = RowBatch.ROWS_MAX;
        var long1 = new byte[][] {new byte[2_000]};
        var hosts =
                new ColumnValues.Bytes(
                        1, ColumnType.STRING, Optional.empty(), long1, new int[rows]);
        assertRejected(ErrorCode.TOO_LARGE, batch(rows, times(new long[rows]), hosts));
    }

    @Test
    void figuresDescribeTheRows() {
        try (var memtable = new Memtable(allocator, SCHEMA)) {
            assertThat(memtable.times().isEmpty()).isTrue();
            assertThat(memtable.firstOffset()).isEmpty();
            memtable.append(new WalOffset(7), batch(2, times(30, 10)));
            memtable.append(new WalOffset(9), batch(1, times(20)));
            assertThat(memtable.rowCount()).isEqualTo(3);
            assertThat(memtable.times()).isEqualTo(new TimeRange(10, 30));
            assertThat(memtable.firstOffset()).contains(new WalOffset(7));
            assertThat(memtable.lastOffset()).contains(new WalOffset(9));
            assertThat(memtable.sizeBytes()).isPositive();
        }
    }

    @Test
    void memoryIsFreedWithTheLastSnapshot() {
        var memtable = new Memtable(allocator, SCHEMA);
        memtable.append(new WalOffset(1), labelled(1, 1_000));
        var first = memtable.snapshot();
        var second = memtable.snapshot();
        memtable.close();
        first.close();
        first.close();
        assertThat(allocator.getAllocatedMemory()).isPositive();
        second.close();
        assertThat(allocator.getAllocatedMemory()).isZero();
    }

    @Test
    void whatFilesHaveIsForgottenToTheRow() throws Exception {
        int records = 400;
        for (long floor = 0; floor <= records + 1; floor += 7) {
            try (var memtable = new Memtable(allocator, SCHEMA)) {
                for (long offset = 1; offset <= records; offset++) {
                    memtable.append(new WalOffset(offset), labelled(offset, (int) (offset % 100)));
                }
                try (var before = memtable.snapshot()) {
                    memtable.dropBelow(new WalOffset(floor));
                    assertThat(offsets(before)).hasSize((int) before.rowCount());
                }
                memtable.append(new WalOffset(records + 1), labelled(records + 1, 3));
                long first = floor;
                long expected =
                        LongStream.rangeClosed(1, records)
                                        .filter(offset -> offset >= first)
                                        .map(offset -> offset % 100)
                                        .sum()
                                + 3;
                assertThat(memtable.rowCount()).as("floor %d", floor).isEqualTo(expected);
                try (var snapshot = memtable.snapshot()) {
                    assertThat(offsets(snapshot))
                            .hasSize((int) expected)
                            .allMatch(offset -> offset >= first);
                    assertThat(snapshot.firstOffset())
                            .contains(new WalOffset(offsets(snapshot).getFirst()));
                }
            }
        }
    }

    @Test
    void memoryGoesWithWhatIsForgotten() {
        try (var memtable = new Memtable(allocator, SCHEMA)) {
            for (long offset = 1; offset <= 50; offset++) {
                memtable.append(new WalOffset(offset), labelled(offset, 5_000));
            }
            long before = memtable.sizeBytes();
            memtable.dropBelow(new WalOffset(49));
            assertThat(memtable.sizeBytes()).isLessThan(before / 2);
            memtable.dropBelow(new WalOffset(51));
            assertThat(memtable.sizeBytes()).isZero();
            assertThat(memtable.firstOffset()).isEmpty();
            assertThat(memtable.lastOffset()).isEmpty();
        }
    }

    private List<Long> offsets(Snapshot snapshot) throws IOException {
        var found = new ArrayList<Long>();
        try (var reader =
                snapshot.read(allocator, List.of(StoredColumn.OFFSET), TimeRange.ALL, List.of())) {
            while (reader.loadNextBatch()) {
                var root = reader.getVectorSchemaRoot();
                for (int i = 0; i < root.getRowCount(); i++) {
                    found.add(((UInt8Vector) root.getVector(0)).get(i));
                }
            }
        }
        return found;
    }

    @Test
    void snapshotSeesWholeRecordsWhileAppendsGoOn() throws Exception {
        int records = 3_000;
        try (var memtable = new Memtable(allocator, SCHEMA);
                var appender = Executors.newSingleThreadExecutor()) {
            var appended =
                    appender.submit(() -> {
                        for (long offset = 1; offset <= records; offset++) {
                            memtable.append(
                                    new WalOffset(offset), labelled(offset, (int) (offset % 100)));
                        }
                    });
            long rows;
            do {
                try (var snapshot = memtable.snapshot()) {
                    rows = assertWhole(snapshot);
                }
            } while (!appended.isDone());
            appended.get();
            try (var snapshot = memtable.snapshot()) {
                assertThat(assertWhole(snapshot)).isGreaterThanOrEqualTo(rows);
                assertThat(snapshot.rowCount()).isEqualTo(records / 100 * 4_950L);
            }
        }
    }

    /// That all rows up to the last record are there, in order, with their own values.
    ///
    /// @return how many there are
    private long assertWhole(Snapshot snapshot) throws IOException {
        var columns = List.of(new StoredColumn(1, ColumnType.STRING), StoredColumn.OFFSET);
        long offset = 1;
        int row = 0;
        long count = 0;
        try (var reader = snapshot.read(allocator, columns, TimeRange.ALL, List.of())) {
            while (reader.loadNextBatch()) {
                var root = reader.getVectorSchemaRoot();
                var hosts = (VarCharVector) root.getVector(0);
                var offsets = (UInt8Vector) root.getVector(1);
                for (int i = 0; i < root.getRowCount(); i++, row++, count++) {
                    if (row == offset % 100) {
                        row = 0;
                        offset += (offset + 1) % 100 == 0 ? 2 : 1;
                    }
                    if (offsets.get(i) != offset
                            || !Arrays.equals(hosts.get(i), utf8(label(offset, row)))) {
                        throw new AssertionError("row %d of record %d".formatted(row, offset));
                    }
                }
            }
        }
        assertThat(count).isEqualTo(snapshot.rowCount());
        assertThat(count == 0 || row == offset % 100).isTrue();
        return count;
    }
}
