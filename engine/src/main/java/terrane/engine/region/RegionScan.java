package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;

import terrane.core.catalog.TableSchema;
import terrane.core.scan.ScanSpec;
import terrane.engine.memtable.Snapshot;

import java.util.List;

/// Reads a region: files and memtables, merged.
public final class RegionScan {
    private final Duck duck;
    private final BufferAllocator allocator;

    public RegionScan(Duck duck, BufferAllocator allocator) {
        this.duck = duck;
        this.allocator = allocator;
    }

    /// Starts a scan; rows come by [ScanResult#next].
    ///
    /// @param schema the region's, now; columns that a file does not have yet are null
    /// @param files those of the manifest that the memtables continue
    /// @param memtables belong to the result from here on, which closes them; they are closed too
    ///   if this throws
    /// @throws terrane.core.TerraneException.Rejected if the spec names columns that are not there
    public ScanResult scan(
            ScanSpec spec, TableSchema schema, List<SourceFile> files, List<Snapshot> memtables)
            throws InterruptedException {
        return duck.run(_ -> {
            throw new java.sql.SQLException("missing: " + allocator.getLimit());
        });
    }
}
