package terrane.query.statement;

import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableSchema;

/// Tables and partition rules as the SQL that makes them.
@SuppressWarnings("DoNotCallSuggester")
public final class CreateTableText {
    private CreateTableText() {}

    /// What SHOW CREATE TABLE answers; parsing it makes the same table.
    public static String of(Table table) {
        throw new UnsupportedOperationException("being written: " + table);
    }

    /// @param schema gives the types by which constants are printed
    public static String of(PartitionExpr expr, TableSchema schema) {
        throw new UnsupportedOperationException("being written: " + expr + schema);
    }
}
