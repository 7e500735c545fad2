package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

import terrane.core.WalOffset;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.core.time.Clock;
import terrane.core.time.SystemClock;
import terrane.engine.memtable.Memtable;
import terrane.engine.memtable.Snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Measures a region of the TSBS cpu-only shape (10 tags, time, 10 fields): append, flush, scan.
/// Run by hand: `main [rows] [rows per batch]`.
final class RegionBench {
    private static final int TAGS = 10;
    private static final int FIELDS = 10;
    private static final int HOSTS = 4_000;

    private final Clock clock = new SystemClock();
    private final TableSchema schema;

    private RegionBench(MergeMode mode) {
        var columns = new ArrayList<Column>();
        for (int i = 0; i < TAGS; i++) {
            columns.add(new Column(i + 1, "t" + i, ColumnType.STRING, Column.Semantic.TAG, true));
        }
        var time = ColumnType.TIMESTAMP_MILLISECOND;
        columns.add(new Column(TAGS + 1, "ts", time, Column.Semantic.TIMESTAMP, false));
        for (int i = 0; i < FIELDS; i++) {
            int id = TAGS + 2 + i;
            columns.add(new Column(id, "f" + i, ColumnType.FLOAT64, Column.Semantic.FIELD, true));
        }
        this.schema = new TableSchema(1, columns, mode);
    }

    public static void main(String[] arguments) throws Exception {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int batch = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        for (var mode : List.of(MergeMode.LAST_ROW, MergeMode.LAST_NON_NULL, MergeMode.APPEND)) {
            new RegionBench(mode).run(rows, batch);
        }
    }

    private void run(int rows, int batchRows) throws IOException, InterruptedException {
        System.out.printf("%n%s, %d rows in batches of %d%n", schema.mergeMode(), rows, batchRows);
        var folder = Files.createTempDirectory("region-bench");
        var settings =
                new Duck.Settings(
                        1L << 30,
                        2,
                        folder.resolve("spill"),
                        List.of(folder),
                        Duration.ofMinutes(1));
        try (var allocator = new RootAllocator();
                var duck = Duck.open(settings, clock)) {
            measure(rows, batchRows, allocator, duck, folder.resolve("f.parquet"));
        }
        Files.deleteIfExists(folder.resolve("f.parquet"));
        Files.deleteIfExists(folder.resolve("spill"));
        Files.deleteIfExists(folder);
    }

    private void measure(int rows, int batchRows, BufferAllocator allocator, Duck duck, Path target)
            throws IOException, InterruptedException {
        var batches = new ArrayList<RowBatch>();
        for (int from = 0; from < rows; from += batchRows) {
            batches.add(batch(from, Math.min(batchRows, rows - from)));
        }
        for (int i = 0; i < 3; i++) {
            fill(batches, allocator).close();
        }
        long start = clock.nanos();
        batches.forEach(batch -> Memtable.check(batch, schema));
        report("check", rows, start);
        start = clock.nanos();
        try (var memtable = fill(batches, allocator)) {
            report("append", rows, start);
            System.out.printf("  memory %d MB%n", memtable.sizeBytes() >> 20);
            for (int i = 0; i < 3; i++) {
                start = clock.nanos();
                memtable.snapshot().close();
                System.out.printf("  snapshot %d µs%n", (clock.nanos() - start) / 1_000);
            }
            scans(duck, allocator, List.of(), memtable);
            try (var snapshot = memtable.snapshot()) {
                start = clock.nanos();
                var file =
                        new FlushWriter(duck, allocator).write(List.of(snapshot), schema, target);
                report("flush to %d MB".formatted(file.sizeBytes() >> 20), rows, start);
                scans(duck, allocator, List.of(new SourceFile(target, file.named("f"))), null);
                scans(duck, allocator, List.of(new SourceFile(target, file.named("f"))), memtable);
            }
        }
    }

    private void report(String what, int rows, long start) {
        double seconds = (clock.nanos() - start) / 1e9;
        System.out.printf("  %s: %.0f ms, %.0f rows/s%n", what, seconds * 1e3, rows / seconds);
    }

    private Memtable fill(List<RowBatch> batches, BufferAllocator allocator) {
        var memtable = new Memtable(allocator, schema);
        long offset = 0;
        for (var batch : batches) {
            memtable.append(new WalOffset(offset++), batch);
        }
        return memtable;
    }

    private void scans(
            Duck duck,
            BufferAllocator allocator,
            List<SourceFile> files,
            @Nullable Memtable memtable)
            throws InterruptedException {
        var all = schema.columns().stream().map(Column::id).toList();
        var host = new Literal.Text("host_77");
        var one = List.<Predicate>of(new Predicate.Compare(1, PartitionExpr.Operator.EQ, host));
        var half = new TimeRange(0, 500_000);
        var specs = new LinkedHashMap<String, ScanSpec>();
        specs.put("count", new ScanSpec(List.of(), TimeRange.ALL, List.of(), ScanSpec.NO_LIMIT));
        specs.put("one field", spec(List.of(12), TimeRange.ALL, List.of()));
        specs.put("all columns", spec(all, TimeRange.ALL, List.of()));
        specs.put("one host, all columns", spec(all, TimeRange.ALL, one));
        specs.put("half the time, one field", spec(List.of(12), half, List.of()));
        for (var entry : specs.entrySet()) {
            for (int i = 0; i < 2; i++) {
                long start = clock.nanos();
                long rows = 0;
                int parts = 0;
                var snapshots =
                        memtable == null ? List.<Snapshot>of() : List.of(memtable.snapshot());
                try (var result =
                        new RegionScan(duck, allocator)
                                .scan(entry.getValue(), schema, files, snapshots)) {
                    for (var part = result.next(); part.isPresent(); part = result.next()) {
                        rows += part.get().rowCount();
                        parts++;
                    }
                }
                System.out.printf(
                        "  scan %s %s: %s: %d rows in %d parts, %.1f ms%n",
                        files.isEmpty() ? "" : "file",
                        memtable == null ? "" : "memtable",
                        entry.getKey(),
                        rows,
                        parts,
                        (clock.nanos() - start) / 1e6);
            }
        }
    }

    private static ScanSpec spec(
            List<Integer> columns, TimeRange times, List<Predicate> predicates) {
        return new ScanSpec(columns, times, predicates, ScanSpec.NO_LIMIT);
    }

    private RowBatch batch(int from, int count) {
        var columns = new ArrayList<ColumnValues>();
        for (int tag = 0; tag < TAGS; tag++) {
            columns.add(tag(tag, from, count));
        }
        long[] times = new long[count];
        Arrays.setAll(times, i -> (from + i) / HOSTS * 10_000L);
        var type = schema.timeIndex().type();
        columns.add(new ColumnValues.Longs(TAGS + 1, type, Optional.empty(), times));
        for (int field = 0; field < FIELDS; field++) {
            double[] values = new double[count];
            int shift = field;
            Arrays.setAll(values, i -> (from + i) * 31L % (97 + shift));
            columns.add(
                    new ColumnValues.Doubles(
                            TAGS + 2 + field, ColumnType.FLOAT64, Optional.empty(), values));
        }
        return new RowBatch(1, count, columns);
    }

    private static ColumnValues tag(int tag, int from, int count) {
        int distinct = tag == 0 ? count : 20;
        byte[][] words = new byte[distinct][];
        Arrays.setAll(
                words,
                i ->
                        (tag == 0 ? "host_" + (from + i) % HOSTS : "value-" + tag + "-" + i)
                                .getBytes(StandardCharsets.UTF_8));
        int[] codes = new int[count];
        Arrays.setAll(codes, i -> tag == 0 ? i : (from + i) % HOSTS % distinct);
        return new ColumnValues.Bytes(tag + 1, ColumnType.STRING, Optional.empty(), words, codes);
    }
}
