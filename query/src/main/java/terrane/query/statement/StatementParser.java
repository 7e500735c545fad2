package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.TableName;
import terrane.query.statement.Token.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads statements, several if they are separated by semicolons.
public final class StatementParser {
    /// The longest text that is read, 4 MiB: an INSERT of 65,536 rows of 60 characters, or 40,000
    /// of the TSBS shape; above it, line protocol is the better way in.
    public static final int TEXT_CHARS_MAX = 4 << 20;

    private static final String SUPPORTED =
            "SELECT, EXPLAIN, INSERT … VALUES, CREATE TABLE, DROP TABLE, ALTER TABLE … ADD COLUMN,"
                    + " ADMIN, SHOW TABLES, SHOW DATABASES, SHOW CREATE TABLE, DESCRIBE, USE";

    private final Cursor cursor;

    private StatementParser(Cursor cursor) {
        this.cursor = cursor;
    }

    /// Parses in the default schema.
    public static List<Statement> parse(String sql) {
        return parse(sql, TableName.SCHEMA);
    }

    /// @param schema where unqualified table names belong
    /// @return what was found, in order; empty for a text of comments and semicolons
    /// @throws terrane.core.TerraneException.Rejected if it cannot be read, naming line and column
    public static List<Statement> parse(String sql, String schema) {
        if (sql.length() > TEXT_CHARS_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "sql text is too long: chars=%d max=%d; insert in smaller batches, or by line"
                            + " protocol",
                    sql.length(),
                    TEXT_CHARS_MAX);
        }
        return new StatementParser(new Cursor(sql, schema)).statements();
    }

    private List<Statement> statements() {
        var statements = new ArrayList<Statement>();
        while (true) {
            while (cursor.acceptSymbol(";")) {
                // Empty statements mean nothing.
            }
            if (cursor.token().kind() == Kind.END) {
                return statements;
            }
            statements.add(statement());
            if (cursor.token().kind() != Kind.END && !cursor.token().isSymbol(";")) {
                throw cursor.expected("';' or the end of the statement");
            }
        }
    }

    private Statement statement() {
        var first = cursor.token();
        if (first.isSymbol("(")) {
            return select();
        }
        if (first.kind() != Kind.WORD) {
            throw cursor.expected("a statement: " + SUPPORTED);
        }
        return switch (first.upper()) {
            case "SELECT", "WITH", "VALUES", "FROM", "EXPLAIN" -> select();
            case "INSERT" -> insert();
            case "CREATE" -> create();
            case "DROP" -> drop();
            case "ALTER" -> alter();
            case "ADMIN" -> admin();
            case "SHOW" -> show();
            case "DESC", "DESCRIBE" -> describe();
            case "USE" -> use();
            default -> throw unknown(first);
        };
    }

    /// A statement of another dialect, or of a later version, or a typing error.
    private TerraneException.Rejected unknown(Token first) {
        return switch (first.upper()) {
            case "DELETE",
                    "UPDATE",
                    "TRUNCATE",
                    "MERGE",
                    "REPLACE",
                    "COPY",
                    "ATTACH",
                    "DETACH",
                    "INSTALL",
                    "LOAD",
                    "PRAGMA",
                    "CALL",
                    "SET",
                    "RESET",
                    "EXPORT",
                    "IMPORT",
                    "TQL",
                    "KILL",
                    "BEGIN",
                    "START",
                    "COMMIT",
                    "ROLLBACK",
                    "GRANT",
                    "REVOKE",
                    "VACUUM",
                    "ANALYZE",
                    "CHECKPOINT",
                    "PREPARE",
                    "EXECUTE",
                    "DEALLOCATE",
                    "DECLARE",
                    "PIVOT",
                    "UNPIVOT",
                    "SUMMARIZE",
                    "TABLE",
                    "RENAME",
                    "COMMENT" ->
                    unsupported(first, first.upper());
            default -> cursor.expected("a statement: " + SUPPORTED);
        };
    }

    private TerraneException.Rejected unsupported(Token where, String statement) {
        return cursor.unsupported(where, statement + " is not supported; there are: " + SUPPORTED);
    }

    private Statement select() {
        return new Statement.Select(SelectText.parse(cursor), cursor.schema());
    }

    private Statement insert() {
        var first = cursor.advance();
        cursor.expect("INTO");
        var table = cursor.tableName();
        List<String> columns = List.of();
        if (cursor.token().isSymbol("(")) {
            columns = cursor.list(() -> cursor.name("a column name"));
        }
        if (cursor.at("SELECT") || cursor.at("WITH")) {
            throw cursor.unsupported(first, "INSERT … SELECT is not supported; use VALUES");
        }
        cursor.expect("VALUES");
        var rows = new ArrayList<List<Value>>();
        do {
            var where = cursor.token();
            var row = cursor.list(() -> Values.value(cursor));
            int width = columns.isEmpty() && !rows.isEmpty() ? rows.get(0).size() : columns.size();
            if (width > 0 && row.size() != width) {
                throw cursor.rejected(
                        where,
                        "row %d has %d values, expected %d"
                                .formatted(rows.size() + 1, row.size(), width));
            }
            rows.add(row);
        } while (cursor.acceptSymbol(","));
        return new Statement.Insert(table, List.copyOf(columns), List.copyOf(rows));
    }

    private Statement create() {
        var first = cursor.advance();
        if (cursor.accept("TABLE")) {
            return CreateTableParser.parse(cursor);
        }
        throw unsupported(first, "CREATE " + cursor.token().upper());
    }

    private Statement drop() {
        var first = cursor.advance();
        if (!cursor.accept("TABLE")) {
            throw unsupported(first, "DROP " + cursor.token().upper());
        }
        boolean ifExists = cursor.acceptIfExists();
        return new Statement.DropTable(cursor.tableName(), ifExists);
    }

    private Statement alter() {
        var first = cursor.advance();
        if (!cursor.accept("TABLE")) {
            throw unsupported(first, "ALTER " + cursor.token().upper());
        }
        var table = cursor.tableName();
        var columns = new ArrayList<Statement.NewColumn>();
        boolean ifNotExists = false;
        do {
            var action = cursor.token();
            if (!cursor.accept("ADD")) {
                throw unsupported(action, "ALTER TABLE … " + action.upper());
            }
            cursor.accept("COLUMN");
            var where = cursor.token();
            boolean lenient = cursor.acceptIfNotExists();
            if (!columns.isEmpty() && lenient != ifNotExists) {
                throw cursor.unsupported(
                        where, "IF NOT EXISTS stands for all columns of a statement or for none");
            }
            ifNotExists = lenient;
            columns.add(newColumn());
        } while (cursor.acceptSymbol(","));
        return new Statement.AddColumns(table, List.copyOf(columns), ifNotExists);
    }

    private Statement.NewColumn newColumn() {
        var column = ColumnText.parse(cursor);
        if (column.timeIndex() || column.notNull()) {
            throw cursor.rejected(
                    column.where(),
                    "an added column is null in the rows that are there: it cannot be "
                            + (column.timeIndex() ? "the TIME INDEX" : "NOT NULL"));
        }
        var semantic = column.primaryKey() ? Column.Semantic.TAG : Column.Semantic.FIELD;
        return new Statement.NewColumn(column.name(), column.type(), semantic);
    }

    private Statement admin() {
        cursor.advance();
        String function = cursor.name("a function").toLowerCase(Locale.ROOT);
        if (cursor.token().isSymbol("(") && cursor.following().isSymbol(")")) {
            cursor.advance();
            cursor.advance();
            return new Statement.Admin(function, List.of());
        }
        return new Statement.Admin(function, cursor.list(() -> Values.value(cursor)));
    }

    private Statement show() {
        var first = cursor.advance();
        if (cursor.accept("TABLES")) {
            boolean named = cursor.accept("FROM") || cursor.accept("IN");
            String schema = named ? cursor.name("a database name") : cursor.schema();
            return new Statement.ShowTables(schema, like());
        }
        if (cursor.accept("DATABASES") || cursor.accept("SCHEMAS")) {
            return new Statement.ShowDatabases(like());
        }
        if (cursor.accept("CREATE", "TABLE")) {
            return new Statement.ShowCreateTable(cursor.tableName());
        }
        throw unsupported(first, "SHOW " + cursor.token().upper());
    }

    private Optional<String> like() {
        if (!cursor.accept("LIKE")) {
            return Optional.empty();
        }
        if (cursor.token().kind() != Kind.STRING) {
            throw cursor.expected("a pattern in '…'");
        }
        return Optional.of(cursor.advance().text());
    }

    private Statement describe() {
        cursor.advance();
        cursor.accept("TABLE");
        return new Statement.Describe(cursor.tableName());
    }

    private Statement use() {
        cursor.advance();
        return new Statement.Use(cursor.name("a database name"));
    }
}
