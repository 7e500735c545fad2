package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;

import terrane.core.catalog.TableSchema;
import terrane.engine.memtable.Snapshot;

import java.nio.file.Path;
import java.util.List;

/// Writes memtables into one sorted Parquet file.
public final class FlushWriter {
    private final Duck duck;
    private final BufferAllocator allocator;

    public FlushWriter(Duck duck, BufferAllocator allocator) {
        this.duck = duck;
        this.allocator = allocator;
    }

    /// Blocks until the file is on disk, synced. The snapshots stay the caller's, who closes them
    /// afterwards.
    ///
    /// @param snapshots of consecutive memtables of one region, with one row at least
    /// @param target in a folder that [Duck] may write; must not exist. Nothing is left of it when
    ///   this fails
    /// @throws terrane.core.TerraneException.Unavailable if the disk or the memory does not suffice
    public FlushedFile write(List<Snapshot> snapshots, TableSchema schema, Path target)
            throws InterruptedException {
        return duck.run(_ -> {
            throw new java.sql.SQLException("missing: " + allocator.getLimit());
        });
    }
}
