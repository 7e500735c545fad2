package terrane.frontend.sql;

import org.jspecify.annotations.Nullable;

import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.query.select.Tables;
import terrane.query.select.VirtualTable;
import terrane.query.statement.CreateTableText;
import terrane.query.statement.Statement.ShowDatabases;
import terrane.query.statement.Statement.ShowTables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is said of tables, in the columns that GreptimeDB's users know.
final class ShowStatements {
    private ShowStatements() {}

    static Output tables(ShowTables statement, Tables tables) {
        var names =
                statement.schema().equals(VirtualTable.SCHEMA)
                        ? Arrays.stream(VirtualTable.values()).map(VirtualTable::table)
                        : tables.all().stream()
                                .map(Table::name)
                                .filter(name -> name.schema().equals(statement.schema()))
                                .map(TableName::table);
        return Output.column("Tables", names.filter(like(statement.like())).sorted());
    }

    static Output databases(ShowDatabases statement) {
        var names = Stream.of(VirtualTable.SCHEMA, TableName.SCHEMA);
        return Output.column("Database", names.filter(like(statement.like())));
    }

    /// `%` any text, `_` any one character, a backslash takes their meaning away.
    static Predicate<String> like(Optional<String> pattern) {
        if (pattern.isEmpty()) {
            return _ -> true;
        }
        var regex = new StringBuilder();
        boolean escaped = false;
        for (char c : pattern.get().toCharArray()) {
            if (!escaped && c == '\\') {
                escaped = true;
                continue;
            }
            boolean wild = !escaped && (c == '%' || c == '_');
            regex.append(wild ? (c == '%' ? ".*" : ".") : Pattern.quote(String.valueOf(c)));
            escaped = false;
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).asMatchPredicate();
    }

    static Output describe(Table table) {
        var rows = new ArrayList<List<@Nullable Object>>();
        for (var column : table.schema().columns()) {
            rows.add(
                    List.of(
                            column.name(),
                            column.type().label(),
                            column.semantic() == Semantic.FIELD ? "" : "PRI",
                            column.nullable() ? "YES" : "NO",
                            "",
                            semantic(column)));
        }
        return Output.strings(
                List.of("Column", "Type", "Key", "Null", "Default", "Semantic Type"), rows);
    }

    private static String semantic(Column column) {
        return switch (column.semantic()) {
            case TAG -> "TAG";
            case FIELD -> "FIELD";
            case TIMESTAMP -> "TIMESTAMP";
        };
    }

    static Output createTable(Table table) {
        return Output.strings(
                List.of("Table", "Create Table"),
                List.of(List.of(table.name().table(), CreateTableText.of(table))));
    }
}
