package terrane.query.select;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

import terrane.core.TableId;
import terrane.core.catalog.Column;
import terrane.core.catalog.Literal;
import terrane.core.catalog.Table;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;
import terrane.query.statement.Statement;
import terrane.query.statement.StatementParser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Tables with rows in memory that answers scans as regions do: columns by id, conditions applied,
/// rows in chunks.
final class Cluster implements TableSource {
    private static final int CHUNK_ROWS = 7;

    private final List<Table> tables = new ArrayList<>();
    private final Map<String, List<List<Object>>> rows = new LinkedHashMap<>();
    private final List<ScanSpec> scans = new ArrayList<>();

    /// Whether conditions and limits are applied, as they may be, or all rows come back.
    boolean narrows = true;

    Table create(String sql) {
        var made = (Statement.CreateTable) StatementParser.parse(sql).getFirst();
        var id = new TableId(1024 + tables.size());
        var table = new Table(id, made.name(), made.schema(), made.partitions(), made.options());
        tables.add(table);
        rows.put(made.name().table(), new ArrayList<>());
        return table;
    }

    /// @param cells strings, longs and doubles, or empty strings of nothing for null
    void insert(String table, Object... cells) {
        rowsOf(table).add(List.of(cells));
    }

    private List<List<Object>> rowsOf(String table) {
        return Objects.requireNonNull(rows.get(table));
    }

    Tables tables() {
        return Tables.of(tables);
    }

    List<ScanSpec> scans() {
        return scans;
    }

    @Override
    public ChunkStream scan(Table table, ScanSpec spec) {
        scans.add(spec);
        var found =
                rowsOf(table.name().table()).stream()
                        .filter(row -> !narrows || matches(table, row, spec))
                        .limit(narrows ? spec.limit() : Long.MAX_VALUE)
                        .toList();
        var chunks = new ArrayList<Chunk>();
        for (int from = 0; from < found.size(); from += CHUNK_ROWS) {
            var part = found.subList(from, Math.min(found.size(), from + CHUNK_ROWS));
            chunks.add(
                    new Chunk(
                            part.size(),
                            spec.columnIds().isEmpty() ? new byte[0] : ipc(table, part, spec)));
        }
        return stream(chunks.iterator());
    }

    private static ChunkStream stream(Iterator<Chunk> chunks) {
        return new ChunkStream() {
            @Override
            public Optional<Chunk> next() {
                return chunks.hasNext() ? Optional.of(chunks.next()) : Optional.empty();
            }

            @Override
            public void close() {}
        };
    }

    private static boolean matches(Table table, List<Object> row, ScanSpec spec) {
        int index = table.schema().columns().indexOf(table.schema().timeIndex());
        long time = (Long) row.get(index);
        return time >= spec.times().from()
                && time <= spec.times().to()
                && spec.predicates().stream().allMatch(p -> matches(table, row, p));
    }

    private static boolean matches(Table table, List<Object> row, Predicate predicate) {
        var column = table.schema().column(predicate.columnId()).orElseThrow();
        var value = row.get(table.schema().columns().indexOf(column));
        boolean isNull = value.equals(Optional.empty());
        return switch (predicate) {
            case Predicate.IsNull(int _, boolean negated) -> isNull != negated;
            case Predicate.In(int _, var values) ->
                    !isNull && values.stream().anyMatch(literal -> order(value, literal) == 0);
            case Predicate.Compare(int _, var operator, var literal) -> {
                if (isNull) {
                    yield false;
                }
                int order = order(value, literal);
                yield switch (operator) {
                    case EQ -> order == 0;
                    case NOT_EQ -> order != 0;
                    case LT -> order < 0;
                    case LT_EQ -> order <= 0;
                    case GT -> order > 0;
                    case GT_EQ -> order >= 0;
                };
            }
        };
    }

    private static int order(Object value, Literal literal) {
        return switch (literal) {
            case Literal.Text text -> ((String) value).compareTo(text.value());
            case Literal.Whole whole -> Long.compare((Long) value, whole.value());
            case Literal.Real real -> Double.compare((Double) value, real.value());
        };
    }

    private static byte[] ipc(Table table, List<List<Object>> rows, ScanSpec spec) {
        var bytes = new ByteArrayOutputStream();
        try (var allocator = new RootAllocator()) {
            var vectors = new ArrayList<FieldVector>();
            for (int id : spec.columnIds()) {
                var column = table.schema().column(id).orElseThrow();
                int index = table.schema().columns().indexOf(column);
                vectors.add(
                        vector(allocator, column, rows.stream().map(r -> r.get(index)).toList()));
            }
            try (var root = new VectorSchemaRoot(vectors);
                    var writer = new ArrowStreamWriter(root, null, bytes)) {
                root.setRowCount(rows.size());
                writer.start();
                writer.writeBatch();
                writer.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static FieldVector vector(
            BufferAllocator allocator, Column column, List<Object> cells) {
        var vector =
                switch (column.type().physical()) {
                    case BYTES -> new VarCharVector(column.name(), allocator);
                    case DOUBLE -> new Float8Vector(column.name(), allocator);
                    case LONG ->
                            column.type().isTimestamp()
                                    ? new TimeStampMilliVector(column.name(), allocator)
                                    : new BigIntVector(column.name(), allocator);
                };
        for (int row = 0; row < cells.size(); row++) {
            switch (cells.get(row)) {
                case String text -> {
                    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                    ((VarCharVector) vector).setSafe(row, utf8);
                }
                case Long value when vector instanceof BigIntVector longs ->
                        longs.setSafe(row, value);
                case Long value -> ((TimeStampMilliVector) vector).setSafe(row, value);
                case Double value -> ((Float8Vector) vector).setSafe(row, value);
                default -> vector.setNull(row);
            }
        }
        vector.setValueCount(cells.size());
        return vector;
    }
}
