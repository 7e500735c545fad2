package terrane.metasrv.client;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.PartitionRules;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.wire.metasrv.ClientRequest.CreateTable;
import terrane.wire.metasrv.ClientRequest.NewColumn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What a table must be like before it is made or changed.
final class SchemaRules {
    /// As wide as the widest tables that collectors of metrics make.
    static final int COLUMNS_MAX = 4_096;

    private static final int NAME_CHARS_MAX = 255;

    private SchemaRules() {}

    /// @throws TerraneException.Rejected naming what is wrong
    static void check(CreateTable request) {
        var name = request.name();
        checkName("catalog", name.catalog());
        checkName("schema", name.schema());
        checkName("table", name.table());
        checkColumns(request.schema());
        PartitionRules.validate(request.partitions(), request.schema());
    }

    private static void checkName(String what, String name) {
        if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
            throw rejected(
                    "%s name must have 1 to %d characters: '%s'", what, NAME_CHARS_MAX, name);
        }
    }

    private static void checkColumns(TableSchema schema) {
        if (schema.columns().size() > COLUMNS_MAX) {
            throw rejected("%d columns, at most %d", schema.columns().size(), COLUMNS_MAX);
        }
        if (schema.version() != 1) {
            throw rejected("a new table's schema has version 1, not %d", schema.version());
        }
        var names = new HashSet<String>();
        var ids = new HashSet<Integer>();
        for (var column : schema.columns()) {
            checkName("column", column.name());
            if (!names.add(column.name())) {
                throw rejected("column '%s' is named twice", column.name());
            }
            refuseNamesake(schema, column.name());
            if (!ids.add(column.id())) {
                throw rejected("two columns have the id %d", column.id());
            }
        }
        checkTimeIndex(schema);
    }

    private static void checkTimeIndex(TableSchema schema) {
        var indexes =
                schema.columns().stream()
                        .filter(column -> column.semantic() == Column.Semantic.TIMESTAMP)
                        .toList();
        if (indexes.size() != 1) {
            throw rejected(
                    "a table has exactly one time index, not %d: ts TIMESTAMP(3) TIME INDEX",
                    indexes.size());
        }
        var index = indexes.getFirst();
        if (!index.type().isTimestamp() || index.nullable()) {
            throw rejected("time index '%s' must be a TIMESTAMP that is NOT NULL", index.name());
        }
    }

    /// The schema with the new columns behind the old ones.
    ///
    /// @return empty if all columns are there already
    static Optional<TableSchema> extended(
            TableName table, TableSchema schema, List<NewColumn> added, boolean ifNotExists) {
        var columns = new ArrayList<>(schema.columns());
        int id = schema.nextColumnId();
        for (var column : added) {
            var same = columns.stream().filter(c -> c.name().equals(column.name())).findFirst();
            if (same.isPresent()) {
                checkSame(table, same.get(), column, ifNotExists);
                continue;
            }
            checkName("column", column.name());
            refuseNamesake(
                    new TableSchema(schema.version(), columns, schema.mergeMode()), column.name());
            if (column.semantic() == Column.Semantic.TIMESTAMP) {
                throw rejected("a table has one time index: column '%s'", column.name());
            }
            columns.add(new Column(id, column.name(), column.type(), column.semantic(), true));
            id++;
        }
        if (columns.size() > COLUMNS_MAX) {
            throw rejected("%d columns, at most %d", columns.size(), COLUMNS_MAX);
        }
        return columns.size() == schema.columns().size()
                ? Optional.empty()
                : Optional.of(new TableSchema(schema.version() + 1, columns, schema.mergeMode()));
    }

    private static void refuseNamesake(TableSchema schema, String name) {
        var namesake = schema.namesake(name);
        if (namesake.isPresent()) {
            throw TerraneException.rejected(
                    ErrorCode.COLUMN_EXISTS,
                    "column '%s' differs from column '%s' in case alone; choose another name",
                    name,
                    namesake.get().name());
        }
    }

    private static void checkSame(
            TableName table, Column known, NewColumn column, boolean ifNotExists) {
        boolean same = known.type() == column.type() && known.semantic() == column.semantic();
        if (!ifNotExists || !same) {
            throw TerraneException.rejected(
                    ErrorCode.COLUMN_EXISTS,
                    "column exists: table=%s column=%s type=%s",
                    table,
                    known.name(),
                    known.type().label());
        }
    }

    private static TerraneException.Rejected rejected(String format, Object... args) {
        return TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, format, args);
    }
}
