package terrane.query.select;

import terrane.core.catalog.Table;
import terrane.core.scan.ScanSpec;

/// What one mention of a table in a query needs of it. Mentions of one table that need the same are
/// scanned once.
///
/// @param relation the name of the temporary relation that the rewritten query reads
public record TableScan(Table table, ScanSpec spec, String relation) {}
