package terrane.engine.region;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.TableSchema;
import terrane.engine.memtable.StoredColumn;

/// How columns stand in data files, and how they are read from there.
final class Columns {
    private Columns() {}

    /// @throws TerraneException.Rejected if there is no such column
    static Column known(TableSchema schema, int id) {
        return schema.column(id)
                .orElseThrow(() ->
                        TerraneException.rejected(
                                ErrorCode.COLUMN_NOT_FOUND,
                                "no such column id=%d schemaVersion=%d",
                                id,
                                schema.version()));
    }

    /// An entry of the `schema` of `read_parquet`.
    static String inFile(StoredColumn column) {
        return "%d: {name: '%s', type: '%s', default_value: NULL}"
                .formatted(column.id(), column.name(), fileType(column));
    }

    /// Parquet knows no seconds, and DuckDB reads milliseconds as microseconds.
    private static String fileType(StoredColumn column) {
        return switch (column.type()) {
            case TIMESTAMP_SECOND, TIMESTAMP_MILLISECOND -> "TIMESTAMP";
            default -> column.type().duckType();
        };
    }

    /// An entry of the SELECT list that has the column's own type.
    static String fromFile(StoredColumn column) {
        if (fileType(column).equals(column.type().duckType())) {
            return "f." + column.name();
        }
        return "f.%s::%s AS %s".formatted(column.name(), column.type().duckType(), column.name());
    }
}
