package terrane.engine.memtable;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

import terrane.core.catalog.ColumnType;

import java.util.List;

/// The first rows of one column of one chunk, as they were when a snapshot was taken.
///
/// @param values the values, bits or offsets
/// @param bytes the bytes of strings
record FrozenColumn(
        ColumnType type,
        int rows,
        int nullCount,
        ArrowBuf validity,
        ArrowBuf values,
        @Nullable ArrowBuf bytes) {

    /// In the order in which Arrow's vectors take them.
    List<ArrowBuf> buffers() {
        return bytes == null ? List.of(validity, values) : List.of(validity, values, bytes);
    }

    void retain() {
        buffers().forEach(buffer -> buffer.getReferenceManager().retain());
    }

    void release() {
        buffers().forEach(buffer -> buffer.getReferenceManager().release());
    }
}
