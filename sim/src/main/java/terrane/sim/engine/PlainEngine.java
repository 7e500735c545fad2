package terrane.sim.engine;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;

import terrane.core.Invariant;
import terrane.core.WalOffset;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.TableSchema;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.engine.memtable.Snapshot;
import terrane.engine.memtable.StoredColumn;
import terrane.engine.region.FlushedFile;
import terrane.engine.region.RegionEngine;
import terrane.engine.region.ScanPart;
import terrane.engine.region.SourceFile;
import terrane.sim.world.SimProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes rows into files of its own and reads them back; takes simulated time for both.
public final class PlainEngine implements RegionEngine {
    private static final Duration WRITE_MIN = Duration.ofMillis(2);
    private static final Duration WRITE_MAX = Duration.ofMillis(40);
    private static final Duration READ_MAX = Duration.ofMillis(4);

    private final SimProcess process;
    private final BufferAllocator allocator;

    public PlainEngine(SimProcess process, BufferAllocator allocator) {
        this.process = process;
        this.allocator = allocator;
    }

    @Override
    public FlushedFile write(List<Snapshot> snapshots, TableSchema schema, Path target)
            throws InterruptedException {
        Invariant.check(!Files.exists(target), "flush into an existing file=%s", target);
        var rows = new ArrayList<PlainRow>();
        snapshots.forEach(snapshot -> rows.addAll(rows(snapshot, schema)));
        process.clock().sleep(process.world().chance().between(WRITE_MIN, WRITE_MAX));
        var merged = PlainRow.merged(rows, schema);
        byte[] content = encode(merged);
        try {
            Files.write(target, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var times = rows.stream().mapToLong(PlainRow::time).summaryStatistics();
        var offsets = merged.stream().mapToLong(PlainRow::offset).summaryStatistics();
        return new FlushedFile(
                content.length,
                merged.size(),
                times.getMin(),
                times.getMax(),
                new WalOffset(offsets.getMin()),
                new WalOffset(offsets.getMax()),
                schema.version());
    }

    private List<PlainRow> rows(Snapshot snapshot, TableSchema schema) {
        var columns = StoredColumn.all(schema);
        var rows = new ArrayList<PlainRow>();
        try (var reader = snapshot.read(allocator, columns, TimeRange.ALL, List.of())) {
            while (reader.loadNextBatch()) {
                var batch = reader.getVectorSchemaRoot();
                for (int i = 0; i < batch.getRowCount(); i++) {
                    rows.add(row(batch, i, schema));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static PlainRow row(VectorSchemaRoot batch, int index, TableSchema schema) {
        var values = new TreeMap<Integer, String>();
        long time = 0;
        int position = 0;
        for (Column column : schema.columns()) {
            var vector = batch.getVector(position++);
            if (!vector.isNull(index)) {
                var text = text(vector, column.type(), index);
                values.put(column.id(), text);
                if (column.id() == schema.timeIndex().id()) {
                    time = Long.parseLong(text);
                }
            }
        }
        var offset = (UInt8Vector) batch.getVector(position);
        var number = (UInt4Vector) batch.getVector(position + 1);
        return new PlainRow(offset.get(index), number.get(index), time, values);
    }

    private static String text(FieldVector vector, ColumnType type, int index) {
        return switch (type) {
            case TIMESTAMP_MILLISECOND ->
                    Long.toString(((org.apache.arrow.vector.TimeStampVector) vector).get(index));
            default -> String.valueOf(vector.getObject(index));
        };
    }

    private static byte[] encode(List<PlainRow> rows) {
        var out = new ByteWriter();
        out.list(rows, (o, row) -> row.encode(o));
        return out.toBytes();
    }

    /// The offsets of the records whose rows a file has.
    public static SortedSet<Long> offsets(byte[] file) {
        var offsets = new TreeSet<Long>();
        new ByteReader(file).list(PlainRow::decode).forEach(row -> offsets.add(row.offset()));
        return offsets;
    }

    @Override
    public Rows scan(
            ScanSpec spec, TableSchema schema, List<SourceFile> files, List<Snapshot> memtables) {
        return new PlainScan(spec, schema, files, memtables);
    }

    /// The rows of one part, as [#scan] returns them: a value for each column asked for.
    public static List<List<Optional<String>>> decode(byte[] part) {
        return new ByteReader(part)
                .list(row -> row.list(value -> value.optional(ByteReader::string)));
    }

    /// One scan: everything in one part.
    private final class PlainScan implements Rows {
        private final ScanSpec spec;
        private final TableSchema schema;
        private final List<SourceFile> files;
        private final List<Snapshot> memtables;
        private boolean over;

        PlainScan(
                ScanSpec spec,
                TableSchema schema,
                List<SourceFile> files,
                List<Snapshot> memtables) {
            this.spec = spec;
            this.schema = schema;
            this.files = files;
            this.memtables = memtables;
        }

        @Override
        public Optional<ScanPart> next() throws InterruptedException {
            if (over) {
                return Optional.empty();
            }
            over = true;
            process.clock().sleep(process.world().chance().between(Duration.ZERO, READ_MAX));
            var rows = new ArrayList<PlainRow>();
            for (var file : files) {
                rows.addAll(new ByteReader(read(file.path())).list(PlainRow::decode));
            }
            memtables.forEach(memtable -> rows.addAll(rows(memtable, schema)));
            var found =
                    PlainRow.merged(rows, schema).stream()
                            .filter(row ->
                                    row.time() >= spec.times().from()
                                            && row.time() <= spec.times().to())
                            .toList();
            var out = new ByteWriter();
            out.list(found, this::encode);
            return Optional.of(new ScanPart(found.size(), out.toBytes()));
        }

        private void encode(ByteWriter out, PlainRow row) {
            out.list(
                    spec.columnIds(),
                    (o, id) ->
                            o.optional(
                                    Optional.ofNullable(row.values().get(id)), ByteWriter::string));
        }

        private static byte[] read(Path path) {
            try {
                return Files.readAllBytes(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            over = true;
            memtables.forEach(Snapshot::close);
        }
    }

    @Override
    public void close() {}
}
