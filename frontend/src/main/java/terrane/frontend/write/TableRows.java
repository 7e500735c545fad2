package terrane.frontend.write;

import terrane.core.catalog.Table;
import terrane.core.rows.RowBatch;

import java.util.List;

/// Rows of one table, in the order in which they are to be written.
public record TableRows(Table table, List<RowBatch> batches) {
    public TableRows {
        batches = List.copyOf(batches);
    }

    public long rowCount() {
        return batches.stream().mapToLong(RowBatch::rowCount).sum();
    }
}
