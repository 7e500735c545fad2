package terrane.query.statement;

import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// One statement of a user. Everything but [Select] is carried out by us.
public sealed interface Statement {
    /// @param schema version 1, columns in the order of their definition with ids from 1
    /// @param options as written in `WITH (…)`, names in lower case; every one is known and valid
    record CreateTable(
            TableName name,
            boolean ifNotExists,
            TableSchema schema,
            PartitionRule partitions,
            SortedMap<String, String> options)
            implements Statement {}

    record DropTable(TableName name, boolean ifExists) implements Statement {}

    /// @param ifNotExists a column that is there with the same type and semantic is no error
    record AddColumns(TableName table, List<NewColumn> columns, boolean ifNotExists)
            implements Statement {}

    /// A column to be added; always nullable.
    record NewColumn(String name, ColumnType type, Column.Semantic semantic) {}

    /// @param columns empty for all, in the table's order
    /// @param rows every one as long as `columns`, or as each other if that is empty
    record Insert(TableName table, List<String> columns, List<List<Value>> rows)
            implements Statement {}

    /// @param function in lower case
    record Admin(String function, List<Value> arguments) implements Statement {}

    /// @param like an SQL pattern: `%` any text, `_` any one character
    record ShowTables(String schema, Optional<String> like) implements Statement {}

    /// @param like an SQL pattern: `%` any text, `_` any one character
    record ShowDatabases(Optional<String> like) implements Statement {}

    record Describe(TableName table) implements Statement {}

    record ShowCreateTable(TableName table) implements Statement {}

    /// The session's schema from now on; HTTP has no sessions, so there it changes nothing that
    /// comes later than the same request.
    record Use(String schema) implements Statement {}

    /// SELECT, WITH, VALUES or EXPLAIN, for [terrane.query.select.SelectPlanner].
    ///
    /// @param schema in which unqualified names are looked up
    record Select(String sql, String schema) implements Statement {}
}
