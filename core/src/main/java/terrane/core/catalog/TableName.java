package terrane.core.catalog;

/// Catalog, schema and table, as users write them; compared as they stand.
public record TableName(String catalog, String schema, String table)
        implements Comparable<TableName> {
    public static final String CATALOG = "greptime";
    public static final String SCHEMA = "public";

    /// A table of the default catalog and schema.
    public static TableName of(String table) {
        return new TableName(CATALOG, SCHEMA, table);
    }

    @Override
    public int compareTo(TableName other) {
        int byCatalog = catalog.compareTo(other.catalog);
        int bySchema = byCatalog != 0 ? byCatalog : schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : table.compareTo(other.table);
    }

    @Override
    public String toString() {
        return catalog + "." + schema + "." + table;
    }
}
