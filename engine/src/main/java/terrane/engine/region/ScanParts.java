package terrane.engine.region;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Field;

import terrane.core.catalog.Column;
import terrane.engine.memtable.StoredColumn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;

/// Cuts what DuckDB returns into parts that fit into a message.
final class ScanParts {
    /// An eighth of a message's limit: a part is cut in halves until it is below.
    static final int PART_BYTES_MAX = 1 << 20;

    static final int PART_ROWS_MAX = 65_536;

    /// DuckDB computes in vectors of this many rows.
    private static final int VECTOR_ROWS = 2_048;

    private static final int STRING_BYTES_GUESSED = 24;

    private ScanParts() {}

    /// How many rows at a time are likely to make one part.
    static int batchRows(List<Column> columns) {
        int width = Math.max(1, columns.stream().mapToInt(ScanParts::width).sum());
        int vectors = PART_BYTES_MAX / (width * VECTOR_ROWS);
        return Math.clamp(vectors, 1, PART_ROWS_MAX / VECTOR_ROWS) * VECTOR_ROWS;
    }

    private static int width(Column column) {
        return switch (column.type().physical()) {
            case LONG, DOUBLE -> 9;
            case BYTES -> STRING_BYTES_GUESSED;
        };
    }

    /// @param rows stay the caller's
    static List<ScanPart> of(VectorSchemaRoot rows, List<Column> columns) throws IOException {
        var parts = new ArrayList<ScanPart>();
        var fields =
                columns.stream()
                        .map(c -> Field.nullable(c.name(), StoredColumn.arrowType(c.type())))
                        .toList();
        cut(new VectorSchemaRoot(fields, rows.getFieldVectors(), rows.getRowCount()), parts);
        return parts;
    }

    private static void cut(VectorSchemaRoot rows, List<ScanPart> parts) throws IOException {
        int count = rows.getRowCount();
        long size = rows.getFieldVectors().stream().mapToLong(FieldVector::getBufferSize).sum();
        if (count > 1 && (size > PART_BYTES_MAX || count > PART_ROWS_MAX)) {
            int half = count / 2;
            try (var first = rows.slice(0, half)) {
                cut(first, parts);
            }
            try (var second = rows.slice(half, count - half)) {
                cut(second, parts);
            }
        } else if (count > 0) {
            parts.add(new ScanPart(count, encode(rows, size)));
        }
    }

    private static byte[] encode(VectorSchemaRoot rows, long size) throws IOException {
        var out = new ByteArrayOutputStream((int) Math.min(size + 4_096, 1 << 30));
        try (var writer = new ArrowStreamWriter(rows, null, Channels.newChannel(out))) {
            writer.writeBatch();
        }
        return out.toByteArray();
    }
}
