package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;

import terrane.core.catalog.TableSchema;
import terrane.core.scan.ScanSpec;
import terrane.engine.memtable.Snapshot;

import java.nio.file.Path;
import java.util.List;

/// Parquet files by DuckDB.
public final class DuckEngine implements RegionEngine {
    private final Duck duck;
    private final FlushWriter writer;
    private final RegionScan scans;

    /// @param duck is closed with this
    public DuckEngine(Duck duck, BufferAllocator allocator) {
        this.duck = duck;
        this.writer = new FlushWriter(duck, allocator);
        this.scans = new RegionScan(duck, allocator);
    }

    @Override
    public FlushedFile write(List<Snapshot> snapshots, TableSchema schema, Path target)
            throws InterruptedException {
        return writer.write(snapshots, schema, target);
    }

    @Override
    public Rows scan(
            ScanSpec spec, TableSchema schema, List<SourceFile> files, List<Snapshot> memtables) {
        return scans.scan(spec, schema, files, memtables);
    }

    @Override
    public void close() {
        duck.close();
    }
}
