package terrane.core.rows;

import terrane.core.Invariant;

import java.util.List;
import java.util.Optional;

/// Some rows for one region: columns by id, as the schema of `schemaVersion` names them. A column
/// of the schema that is not here is null in every row.
public record RowBatch(int schemaVersion, int rowCount, List<ColumnValues> columns) {
    /// The most rows in one batch: with 64 columns of 8 bytes it stays below the largest record.
    public static final int ROWS_MAX = 65_536;

    public RowBatch {
        Invariant.check(rowCount >= 0 && rowCount <= ROWS_MAX, "rowCount=%d", rowCount);
        columns = List.copyOf(columns);
    }

    public Optional<ColumnValues> column(int columnId) {
        return columns.stream().filter(column -> column.columnId() == columnId).findFirst();
    }
}
