package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.catalog.Column;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableSchema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// CREATE TABLE, after those two words. The order of a primary key is the order in which its
/// columns are defined, whatever the order in its clause: a key is a set to whoever reads and
/// writes, and the schema has one order of columns only.
final class CreateTableParser {
    /// More would make rows that no batch can hold many of.
    static final int COLUMNS_MAX = 4096;

    private final Cursor cursor;
    private final Token begin;
    private final Map<String, ColumnText> columns = new LinkedHashMap<>();
    private final Set<String> primaryKey = new LinkedHashSet<>();
    private Optional<String> timeIndex = Optional.empty();

    private CreateTableParser(Cursor cursor) {
        this.cursor = cursor;
        this.begin = cursor.token();
    }

    static Statement parse(Cursor cursor) {
        boolean ifNotExists = cursor.acceptIfNotExists();
        var name = cursor.tableName();
        var parser = new CreateTableParser(cursor);
        parser.definitions();
        return parser.table(name, ifNotExists);
    }

    private Statement table(terrane.core.catalog.TableName name, boolean ifNotExists) {
        var columnsOnly = columns();
        Optional<PartitionRule> partitions = Optional.empty();
        Optional<SortedMap<String, String>> options = Optional.empty();
        var mergeWhere = cursor.token();
        while (true) {
            var where = cursor.token();
            if (partitions.isEmpty() && cursor.accept("PARTITION")) {
                var schema =
                        new TableSchema(
                                1,
                                columnsOnly,
                                TableOptions.mergeMode(cursor, where, new TreeMap<>()));
                partitions = Optional.of(PartitionParser.parse(cursor, schema));
            } else if (options.isEmpty() && cursor.accept("WITH")) {
                mergeWhere = where;
                options = Optional.of(TableOptions.parse(cursor));
            } else if (cursor.accept("ENGINE")) {
                engine();
            } else {
                break;
            }
        }
        var settings = options.orElseGet(TreeMap::new);
        var mergeMode = TableOptions.mergeMode(cursor, mergeWhere, settings);
        return new Statement.CreateTable(
                name,
                ifNotExists,
                new TableSchema(1, columnsOnly, mergeMode),
                partitions.orElse(PartitionRule.SINGLE),
                settings);
    }

    private void engine() {
        cursor.expectSymbol("=");
        if (!cursor.accept("mito")) {
            throw cursor.unsupported(cursor.token(), "the only engine is mito; leave ENGINE out");
        }
    }

    private void definitions() {
        cursor.expectSymbol("(");
        do {
            definition();
        } while (cursor.acceptSymbol(","));
        if (!cursor.acceptSymbol(")")) {
            throw cursor.expected("',' or ')', NOT NULL, TIME INDEX or PRIMARY KEY");
        }
    }

    private void definition() {
        var where = cursor.token();
        if (cursor.accept("PRIMARY", "KEY")) {
            key(where, cursor.list(() -> cursor.name("a column name")));
        } else if (cursor.accept("TIME", "INDEX")) {
            var names = cursor.list(() -> cursor.name("a column name"));
            if (names.size() != 1) {
                throw cursor.rejected(where, "the TIME INDEX is one column");
            }
            timeIndex(where, names.getFirst());
        } else {
            column(ColumnText.parse(cursor));
        }
    }

    private void column(ColumnText column) {
        if (columns.size() == COLUMNS_MAX) {
            throw cursor.rejected(
                    column.where(), "a table has at most " + COLUMNS_MAX + " columns");
        }
        // DuckDB, which stores and reads the rows, does not tell names apart by case.
        var clash = columns.putIfAbsent(column.name().toLowerCase(Locale.ROOT), column);
        if (clash != null) {
            throw cursor.rejected(
                    column.where(),
                    ErrorCode.COLUMN_EXISTS,
                    "column '%s' is defined already, as '%s'"
                            .formatted(column.name(), clash.name()));
        }
        if (column.timeIndex()) {
            timeIndex(column.where(), column.name());
        }
        if (column.primaryKey()) {
            key(column.where(), List.of(column.name()));
        }
    }

    private void key(Token where, List<String> names) {
        if (!primaryKey.isEmpty()) {
            throw cursor.rejected(
                    where, "there is a PRIMARY KEY already; name all of its columns in one clause");
        }
        for (String name : names) {
            if (!primaryKey.add(name)) {
                throw cursor.rejected(where, "'" + name + "' is in the PRIMARY KEY twice");
            }
        }
    }

    private void timeIndex(Token where, String name) {
        if (timeIndex.isPresent()) {
            throw cursor.rejected(
                    where, "there is a TIME INDEX already, '" + timeIndex.get() + "'");
        }
        timeIndex = Optional.of(name);
    }

    private List<Column> columns() {
        var index =
                timeIndex.orElseThrow(() ->
                        cursor.rejected(
                                begin,
                                "a table needs a TIME INDEX, for example"
                                        + " ts TIMESTAMP(3) TIME INDEX"));
        known(index, "TIME INDEX");
        primaryKey.forEach(name -> known(name, "PRIMARY KEY"));
        if (primaryKey.contains(index)) {
            throw cursor.rejected(
                    begin, "'" + index + "' is the TIME INDEX; leave it out of the PRIMARY KEY");
        }
        var list = new ArrayList<Column>();
        for (var text : columns.values()) {
            list.add(column(list.size() + 1, text, index));
        }
        return list;
    }

    private Column column(int id, ColumnText text, String index) {
        boolean timestamp = text.name().equals(index);
        if (timestamp && !text.type().isTimestamp()) {
            throw cursor.rejected(
                    text.where(),
                    "the TIME INDEX '%s' is of type %s, expected a TIMESTAMP"
                            .formatted(text.name(), text.type().label()));
        }
        var semantic =
                timestamp
                        ? Column.Semantic.TIMESTAMP
                        : primaryKey.contains(text.name())
                                ? Column.Semantic.TAG
                                : Column.Semantic.FIELD;
        return new Column(id, text.name(), text.type(), semantic, !timestamp && !text.notNull());
    }

    private void known(String name, String clause) {
        if (columns.values().stream().noneMatch(column -> column.name().equals(name))) {
            throw cursor.rejected(
                    begin,
                    ErrorCode.COLUMN_NOT_FOUND,
                    "the " + clause + " names '" + name + "', which is not a column");
        }
    }
}
