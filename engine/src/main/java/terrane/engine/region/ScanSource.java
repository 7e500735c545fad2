package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;

import terrane.core.scan.Predicate;
import terrane.core.scan.TimeRange;
import terrane.engine.memtable.Snapshot;
import terrane.engine.memtable.StoredColumn;

import java.util.List;

/// What a scan reads from.
///
/// @param sql empty if no source has a row of the times asked for
/// @param memtables streamed in this order
/// @param columns what each memtable hands over
/// @param times rows of memtables outside are left out
/// @param keys conditions that narrow memtables
record ScanSource(
        String sql,
        List<Snapshot> memtables,
        List<StoredColumn> columns,
        TimeRange times,
        List<Predicate> keys) {

    ScanSource {
        memtables = List.copyOf(memtables);
    }

    MemoryStreams stream(BufferAllocator allocator, DuckDBConnection connection) {
        var streams = new MemoryStreams(allocator);
        try {
            memtables.forEach(memtable -> streams.add(connection, memtable, columns, times, keys));
            return streams;
        } catch (RuntimeException e) {
            streams.close();
            throw e;
        }
    }

    void close() {
        memtables.forEach(Snapshot::close);
    }
}
