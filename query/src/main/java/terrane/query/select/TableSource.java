package terrane.query.select;

import terrane.core.catalog.Table;
import terrane.core.scan.ScanSpec;

/// Where a query's rows come from. Called on virtual threads; several scans of one query may be
/// open at once.
public interface TableSource {
    /// Starts a scan of all regions that may hold matching rows. The limit holds for each region;
    /// more rows than that may come back in all.
    ChunkStream scan(Table table, ScanSpec spec) throws InterruptedException;
}
