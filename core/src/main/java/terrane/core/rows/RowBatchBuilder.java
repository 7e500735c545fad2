package terrane.core.rows;

import terrane.core.Invariant;
import terrane.core.catalog.ColumnType;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Makes one [RowBatch], row by row: [#addRow], then a value for each column that has one; what was
/// given no value is null. Not thread-safe, and of no more use after [#build].
public final class RowBatchBuilder {
    private final int schemaVersion;
    private final List<ColumnBuilder> columns = new ArrayList<>();
    private int rowCount;

    public RowBatchBuilder(int schemaVersion) {
        this.schemaVersion = schemaVersion;
    }

    public int rowCount() {
        return rowCount;
    }

    /// Whether [RowBatch#ROWS_MAX] rows are in it: build it, and go on with another.
    public boolean full() {
        return rowCount == RowBatch.ROWS_MAX;
    }

    /// The column of that id, which is null in all rows so far if it is new. Keep it rather than
    /// ask for every row.
    public ColumnBuilder column(int columnId, ColumnType type) {
        for (var column : columns) {
            if (column.columnId() == columnId) {
                Invariant.check(column.type() == type, "column %d as %s", columnId, type);
                return column;
            }
        }
        var column = new ColumnBuilder(this, columnId, type);
        columns.add(column);
        return column;
    }

    /// Begins a row; values are put into it until the next one begins.
    ///
    /// @return its number, from 0
    public int addRow() {
        Invariant.check(!full(), "more than %d rows", RowBatch.ROWS_MAX);
        return rowCount++;
    }

    public RowBatch build() {
        var values =
                columns.stream()
                        .sorted(Comparator.comparingInt(ColumnBuilder::columnId))
                        .map(ColumnBuilder::build)
                        .toList();
        return new RowBatch(schemaVersion, rowCount, values);
    }
}
