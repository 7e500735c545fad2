package terrane.query.statement;

import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatch;

import java.time.Instant;
import java.util.List;

/// The rows of an INSERT as columns of its table.
@SuppressWarnings("DoNotCallSuggester")
public final class InsertRows {
    private InsertRows() {}

    /// A column that is not named is null; the time index and other NOT NULL columns must be there.
    ///
    /// @return the rows in their order, in batches of at most [RowBatch#ROWS_MAX]
    /// @throws terrane.core.TerraneException.Rejected naming row and column
    public static List<RowBatch> bind(Statement.Insert insert, TableSchema schema, Instant now) {
        throw new UnsupportedOperationException("being written: " + insert + schema + now);
    }
}
