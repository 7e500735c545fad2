package terrane.frontend.write;

import terrane.core.RegionId;

/// What becomes one record in one region's log.
///
/// @param table for messages
/// @param number among the parts of one request for this region, from 0
/// @param batch an encoded [terrane.core.rows.RowBatch]
record Part(
        RegionId region, String table, int number, int rowCount, int schemaVersion, byte[] batch) {}
