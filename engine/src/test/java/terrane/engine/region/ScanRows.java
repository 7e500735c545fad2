package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads parts of a scan back into plain values, as [RegionModel] has them.
final class ScanRows {
    private ScanRows() {}

    static List<List<@Nullable Object>> of(ScanPart part, BufferAllocator allocator)
            throws IOException {
        var rows = new ArrayList<List<@Nullable Object>>();
        var bytes = new ByteArrayInputStream(part.arrow());
        try (var reader = new ArrowStreamReader(bytes, allocator)) {
            while (reader.loadNextBatch()) {
                var root = reader.getVectorSchemaRoot();
                for (int row = 0; row < root.getRowCount(); row++) {
                    var values = new ArrayList<@Nullable Object>();
                    for (var vector : root.getFieldVectors()) {
                        values.add(vector.isNull(row) ? null : value(vector, row));
                    }
                    rows.add(values);
                }
            }
        }
        return rows;
    }

    static List<String> names(ScanPart part, BufferAllocator allocator) throws IOException {
        var bytes = new ByteArrayInputStream(part.arrow());
        try (var reader = new ArrowStreamReader(bytes, allocator)) {
            return reader.getVectorSchemaRoot().getSchema().getFields().stream()
                    .map(field -> field.getName())
                    .toList();
        }
    }

    private static Object value(FieldVector vector, int row) {
        return switch (vector) {
            case VarCharVector text -> new String(text.get(row), StandardCharsets.UTF_8);
            case VarBinaryVector bytes -> new String(bytes.get(row), StandardCharsets.UTF_8);
            case BitVector bits -> (long) bits.get(row);
            case DateDayVector days -> (long) days.get(row);
            case TimeStampVector times -> times.get(row);
            case Float4Vector floats -> (double) floats.get(row);
            case Float8Vector doubles -> doubles.get(row);
            case BaseIntVector numbers -> numbers.getValueAsLong(row);
            default -> throw new IllegalStateException("unexpected vector " + vector.getField());
        };
    }
}
