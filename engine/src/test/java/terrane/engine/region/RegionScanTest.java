package terrane.engine.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.core.time.SystemClock;
import terrane.engine.manifest.Manifest;
import terrane.engine.memtable.Memtable;
import terrane.engine.memtable.Snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Appends, alters, flushes and scans at random, and compares every scan with [RegionModel]. Every
/// merge mode, column type, kind of condition and arrangement of sources comes up many times.
class RegionScanTest {
    private static final int SEEDS = 80;
    private static final int STEPS = 14;

    @TempDir Path folder;
    private RootAllocator allocator;
    private Duck duck;

    @BeforeEach
    void open() {
        allocator = new RootAllocator();
        var settings =
                new Duck.Settings(
                        512L << 20,
                        2,
                        folder.resolve("spill"),
                        List.of(folder),
                        Duration.ofMinutes(1));
        duck = Duck.open(settings, new SystemClock());
    }

    @AfterEach
    void nothingIsLeftInMemory() {
        duck.close();
        allocator.close();
    }

    @ParameterizedTest
    @EnumSource(MergeMode.class)
    void scansAnswerWhatTheModelAnswers(MergeMode mode) throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (var run = new Run(seed, mode)) {
                for (int step = 0; step < STEPS; step++) {
                    run.step();
                }
            }
        }
    }

    @Test
    void scanOfNothingIsEmpty() throws Exception {
        var schema = new RandomRows(1).schema(MergeMode.LAST_ROW);
        var spec = new RandomRows(1).scan(schema);
        try (var result =
                new RegionScan(duck, allocator).scan(spec, schema, List.of(), List.of())) {
            assertThat(result.next()).isEmpty();
        }
    }

    @Test
    void partsOfLongRowsFitIntoMessages() throws Exception {
        try (var result = longRows(3_000)) {
            long rows = 0;
            for (var part = result.next(); part.isPresent(); part = result.next()) {
                assertThat(part.get().arrow().length)
                        .isLessThan(ScanParts.PART_BYTES_MAX + 64 * 1024);
                rows += part.get().rowCount();
            }
            assertThat(rows).isEqualTo(3_000);
        }
    }

    /// Whether memory is freed is seen after the test.
    @Test
    void scanMayBeClosedAnywhere() throws Exception {
        longRows(3_000).close();
        var result = longRows(30_000);
        assertThat(result.next()).isPresent();
        result.close();
        assertThat(result.next()).isEmpty();
    }

    @Test
    void cancelledScanFails() throws Exception {
        try (var result = longRows(30_000)) {
            result.cancel();
            assertThatThrownBy(result::next).isInstanceOf(TerraneException.Unavailable.class);
        }
    }

    @Test
    void scanReadsNoFileOutside() throws Exception {
        var schema = new RandomRows(1).schema(MergeMode.LAST_ROW);
        var spec = new ScanSpec(List.of(1), TimeRange.ALL, List.of(), ScanSpec.NO_LIMIT);
        var at = new WalOffset(1);
        var file = new Manifest.DataFile("x", 1, 1, 0, 1, at, at, 1);
        var files = List.of(new SourceFile(Path.of("/etc/passwd"), file));
        try (var result = new RegionScan(duck, allocator).scan(spec, schema, files, List.of())) {
            assertThatThrownBy(result::next).isInstanceOf(TerraneException.Corrupt.class);
        }
    }

    @Test
    void failedFlushLeavesNothing() {
        var elsewhere = folder.resolveSibling(folder.getFileName() + "-elsewhere.parquet");
        var schema = new RandomRows(1).schema(MergeMode.LAST_ROW);
        try (var memtable = new Memtable(allocator, schema)) {
            memtable.append(new WalOffset(1), new RandomRows(1).batch(schema));
            try (var snapshot = memtable.snapshot()) {
                var writer = new FlushWriter(duck, allocator);
                assertThatThrownBy(() -> writer.write(List.of(snapshot), schema, elsewhere))
                        .isInstanceOf(TerraneException.class);
            }
        }
        assertThat(elsewhere).doesNotExist();
    }

    /// A scan of rows of 2 KiB each.
    private ScanResult longRows(int rows) {
        var time = ColumnType.TIMESTAMP_MILLISECOND;
        var schema =
                new TableSchema(
                        1,
                        List.of(
                                new Column(1, "ts", time, Column.Semantic.TIMESTAMP, false),
                                new Column(2, "v", ColumnType.STRING, Column.Semantic.FIELD, true)),
                        MergeMode.LAST_ROW);
        byte[][] text = {"x".repeat(2_048).getBytes(StandardCharsets.UTF_8)};
        long[] times = new long[rows];
        Arrays.setAll(times, i -> i);
        var columns =
                List.<ColumnValues>of(
                        new ColumnValues.Longs(1, time, Optional.empty(), times),
                        new ColumnValues.Bytes(
                                2, ColumnType.STRING, Optional.empty(), text, new int[rows]));
        try (var memtable = new Memtable(allocator, schema)) {
            memtable.append(new WalOffset(1), new RowBatch(1, rows, columns));
            var spec = new ScanSpec(List.of(2), TimeRange.ALL, List.of(), ScanSpec.NO_LIMIT);
            var snapshots = List.of(memtable.snapshot());
            return new RegionScan(duck, allocator).scan(spec, schema, List.of(), snapshots);
        }
    }

    /// One region with its model: a list of files, a frozen memtable now and then, an open one.
    private final class Run implements AutoCloseable {
        private final long seed;
        private final RandomRows random;
        private final RegionModel model = new RegionModel();
        private final List<SourceFile> files = new ArrayList<>();
        private final List<Memtable> memtables = new ArrayList<>();
        private TableSchema schema;
        private long offset;

        Run(long seed, MergeMode mode) {
            this.seed = seed;
            this.random = new RandomRows(seed * MergeMode.values().length + mode.tag());
            this.schema = random.schema(mode);
            memtables.add(new Memtable(allocator, schema));
        }

        void step() throws IOException, InterruptedException {
            switch (random.below(10)) {
                case 0, 1, 2, 3 -> append();
                case 4 -> flush();
                case 5 -> {
                    schema = random.altered(schema);
                    memtables.getLast().alter(schema);
                }
                case 6 -> memtables.add(new Memtable(allocator, schema));
                default -> scan();
            }
        }

        private void append() {
            var batch = random.batch(schema);
            var at = new WalOffset(offset += 1 + random.below(3));
            Memtable.check(batch, schema);
            memtables.getLast().append(at, batch);
            model.append(at, batch);
        }

        private void flush() throws InterruptedException {
            var snapshots = memtables.stream().map(Memtable::snapshot).toList();
            if (snapshots.stream().anyMatch(snapshot -> snapshot.rowCount() > 0)) {
                var path = folder.resolve("%s-%d.parquet".formatted(schema.mergeMode(), offset));
                path = path.resolveSibling(seed + "-" + path.getFileName());
                var file = new FlushWriter(duck, allocator).write(snapshots, schema, path);
                files.add(new SourceFile(path, file.named(path.getFileName().toString())));
                memtables.forEach(Memtable::close);
                memtables.clear();
                memtables.add(new Memtable(allocator, schema));
            }
            snapshots.forEach(Snapshot::close);
        }

        private void scan() throws IOException, InterruptedException {
            var spec = random.scan(schema);
            var expected = model.answer(spec, schema);
            var what = "seed=%d schema=%s spec=%s".formatted(seed, schema, spec);
            var snapshots = memtables.stream().map(Memtable::snapshot).toList();
            var scan = new RegionScan(duck, allocator);
            var actual = new ArrayList<List<@Nullable Object>>();
            long count = 0;
            try (var result = scan.scan(spec, schema, files, snapshots)) {
                for (var part = result.next(); part.isPresent(); part = result.next()) {
                    count += part.get().rowCount();
                    if (!spec.columnIds().isEmpty()) {
                        actual.addAll(ScanRows.of(part.get(), allocator));
                        assertThat(ScanRows.names(part.get(), allocator)).isEqualTo(names(spec));
                    }
                }
            }
            assertThat(count).as(what).isEqualTo(Math.min(spec.limit(), expected.size()));
            if (spec.limit() == ScanSpec.NO_LIMIT && !spec.columnIds().isEmpty()) {
                assertThat(counted(actual)).as(what).isEqualTo(counted(expected));
            } else {
                assertThat(expected).as(what).containsAll(actual);
            }
        }

        private List<String> names(ScanSpec spec) {
            return spec.columnIds().stream()
                    .map(id -> schema.column(id).orElseThrow().name())
                    .toList();
        }

        @Override
        public void close() {
            memtables.forEach(Memtable::close);
        }
    }

    private static Map<List<@Nullable Object>, Long> counted(List<List<@Nullable Object>> rows) {
        return rows.stream().collect(Collectors.groupingBy(row -> row, Collectors.counting()));
    }
}
