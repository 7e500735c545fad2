package terrane.engine.region;

import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.duckdb.DuckDBConnection;

import terrane.core.scan.Predicate;
import terrane.core.scan.TimeRange;
import terrane.engine.memtable.Snapshot;
import terrane.engine.memtable.StoredColumn;

import java.util.ArrayList;
import java.util.List;

/// Snapshots as tables `m0`, `m1`, … of one connection. Each can be read once. To be closed when
/// the query that reads them has ended, before the snapshots are.
final class MemoryStreams implements AutoCloseable {
    private final BufferAllocator allocator;
    private final List<ArrowArrayStream> streams = new ArrayList<>();

    MemoryStreams(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    static String name(int number) {
        return "m" + number;
    }

    void add(
            DuckDBConnection connection,
            Snapshot snapshot,
            List<StoredColumn> columns,
            TimeRange times,
            List<Predicate> keys) {
        var stream = ArrowArrayStream.allocateNew(allocator);
        var name = name(streams.size());
        streams.add(stream);
        // The stream owns the reader from here on and closes it when it is released.
        Data.exportArrayStream(allocator, snapshot.read(allocator, columns, times, keys), stream);
        connection.registerArrowStream(name, stream);
    }

    /// Releases what no query has consumed.
    @Override
    public void close() {
        for (var stream : streams) {
            stream.release();
            stream.close();
        }
        streams.clear();
    }
}
