package terrane.engine.memtable;

import terrane.core.scan.TimeRange;

import java.util.Map;

/// The rows of one chunk as they were when a snapshot was taken.
///
/// @param columns by id; a column that is not here is null in every row
record FrozenChunk(int rows, TimeRange times, Map<Integer, FrozenColumn> columns) {
    void release() {
        columns.values().forEach(FrozenColumn::release);
    }
}
