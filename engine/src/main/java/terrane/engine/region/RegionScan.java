package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;

import terrane.core.catalog.TableSchema;
import terrane.core.scan.ScanSpec;
import terrane.engine.memtable.Snapshot;

import java.util.List;

/// Reads a region: files and memtables, merged. Nothing is decided here about who may read.
public final class RegionScan {
    private final Duck duck;
    private final BufferAllocator allocator;

    public RegionScan(Duck duck, BufferAllocator allocator) {
        this.duck = duck;
        this.allocator = allocator;
    }

    /// Prepares a scan; nothing is read before the first [ScanResult#next].
    ///
    /// @param schema the region's, now; columns that a file does not have yet are null
    /// @param files those of the manifest that the memtables continue
    /// @param memtables belong to the result from here on, which closes them; they are closed too
    ///   if this throws
    /// @throws terrane.core.TerraneException.Rejected if the spec names columns that are not there
    ///   or compares one with a constant of another kind
    /// @throws terrane.core.TerraneException.Unavailable if there are too many scans
    public ScanResult scan(
            ScanSpec spec, TableSchema schema, List<SourceFile> files, List<Snapshot> memtables) {
        boolean started = false;
        try {
            var plan = new ScanPlan(spec, schema);
            var groups = Overlap.groups(spec.times(), files, memtables);
            var names = spec.columnIds().stream().map(id -> Columns.known(schema, id)).toList();
            var sql = groups.isEmpty() ? "" : plan.sql(groups);
            var source =
                    new ScanSource(sql, memtables, plan.memoryColumns(), spec.times(), plan.keys());
            var result = new ScanResult(duck.session(), allocator, source, names);
            started = true;
            return result;
        } finally {
            if (!started) {
                memtables.forEach(Snapshot::close);
            }
        }
    }
}
