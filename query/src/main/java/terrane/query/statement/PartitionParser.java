package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableSchema;
import terrane.query.statement.Token.Kind;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// `ON COLUMNS (c, …) (expression, …)`: one expression for each region.
final class PartitionParser {
    /// Regions of one new table: each is opened before the statement is answered.
    static final int REGIONS_MAX = 1024;

    /// Comparisons in one expression: a range on each of a hundred columns; whoever evaluates the
    /// expression recurses as deep.
    static final int COMPARISONS_MAX = 256;

    private static final int DEPTH_MAX = 32;

    private final Cursor cursor;
    private final TableSchema schema;
    private final List<String> columns = new ArrayList<>();
    private int comparisons;
    private int depth;

    private PartitionParser(Cursor cursor, TableSchema schema) {
        this.cursor = cursor;
        this.schema = schema;
    }

    static PartitionRule parse(Cursor cursor, TableSchema schema) {
        var parser = new PartitionParser(cursor, schema);
        cursor.expect("ON");
        cursor.expect("COLUMNS");
        parser.columns.addAll(cursor.list(parser::column));
        var where = cursor.token();
        if (where.isSymbol("(") && cursor.following().isSymbol(")")) {
            cursor.advance();
            cursor.advance();
            return PartitionRule.SINGLE;
        }
        var regions = cursor.list(parser::region);
        if (regions.size() > REGIONS_MAX) {
            throw cursor.rejected(
                    where,
                    "a table has at most %d regions, not %d"
                            .formatted(REGIONS_MAX, regions.size()));
        }
        if (new LinkedHashSet<>(parser.columns).size() != parser.columns.size()) {
            throw cursor.rejected(where, "a partition column is named twice: " + parser.columns);
        }
        return new PartitionRule(parser.columns, regions);
    }

    private String column() {
        var where = cursor.token();
        String name = cursor.name("a column name");
        var column = schema.column(name).orElseThrow(() -> unknown(where, name));
        if (column.semantic() != Column.Semantic.TAG) {
            throw cursor.rejected(
                    where, "partition column '" + name + "' is not part of the PRIMARY KEY");
        }
        if (column.type() == ColumnType.BINARY) {
            throw cursor.unsupported(where, "a BINARY column cannot be a partition column");
        }
        return name;
    }

    private PartitionExpr region() {
        comparisons = 0;
        return or();
    }

    private PartitionExpr or() {
        var lhs = and();
        while (cursor.accept("OR")) {
            lhs = new PartitionExpr.Or(lhs, and());
        }
        return lhs;
    }

    private PartitionExpr and() {
        var lhs = term();
        while (cursor.accept("AND")) {
            lhs = new PartitionExpr.And(lhs, term());
        }
        return lhs;
    }

    private PartitionExpr term() {
        if (!cursor.token().isSymbol("(")) {
            return comparison();
        }
        if (++depth > DEPTH_MAX) {
            throw cursor.rejected(cursor.token(), "a partition expression is nested too deeply");
        }
        cursor.expectSymbol("(");
        var inner = or();
        cursor.expectSymbol(")");
        depth--;
        return inner;
    }

    private PartitionExpr comparison() {
        if (++comparisons > COMPARISONS_MAX) {
            throw cursor.rejected(
                    cursor.token(),
                    "a partition expression has at most " + COMPARISONS_MAX + " comparisons");
        }
        if (atColumn()) {
            var column = partitionColumn();
            var operator = operator();
            return new PartitionExpr.Comparison(column.name(), operator, literal(column));
        }
        var where = cursor.token();
        var value = Values.value(cursor);
        var operator = flipped(operator());
        var column = partitionColumn();
        return new PartitionExpr.Comparison(column.name(), operator, literal(where, value, column));
    }

    private boolean atColumn() {
        return switch (cursor.token().kind()) {
            case QUOTED -> true;
            case WORD -> schema.column(cursor.token().text()).isPresent();
            case STRING, HEX, NUMBER, SYMBOL, END -> false;
        };
    }

    private Column partitionColumn() {
        var where = cursor.token();
        String name = cursor.name("a partition column");
        var column = schema.column(name).orElseThrow(() -> unknown(where, name));
        if (!columns.contains(name)) {
            throw cursor.rejected(
                    where, "'" + name + "' is not one of the partition columns " + columns);
        }
        return column;
    }

    private Operator operator() {
        var operator =
                cursor.token().kind() == Kind.SYMBOL
                        ? operator(cursor.token().text())
                        : Optional.<Operator>empty();
        if (operator.isEmpty()) {
            throw cursor.expected("one of = <> < <= > >=");
        }
        cursor.advance();
        return operator.get();
    }

    private static Optional<Operator> operator(String symbol) {
        return Optional.ofNullable(
                switch (symbol) {
                    case "=", "==" -> Operator.EQ;
                    case "<>", "!=" -> Operator.NOT_EQ;
                    case "<" -> Operator.LT;
                    case "<=" -> Operator.LT_EQ;
                    case ">" -> Operator.GT;
                    case ">=" -> Operator.GT_EQ;
                    default -> null;
                });
    }

    /// The same comparison with its sides exchanged.
    static Operator flipped(Operator operator) {
        return switch (operator) {
            case EQ, NOT_EQ -> operator;
            case LT -> Operator.GT;
            case LT_EQ -> Operator.GT_EQ;
            case GT -> Operator.LT;
            case GT_EQ -> Operator.LT_EQ;
        };
    }

    private Literal literal(Column column) {
        var where = cursor.token();
        return literal(where, Values.value(cursor), column);
    }

    private Literal literal(Token where, Value value, Column column) {
        if (value instanceof Value.Now) {
            throw cursor.rejected(where, "a partition rule cannot depend on the time");
        }
        return switch (fitting(where, value, column)) {
            case Cell.Null _ ->
                    throw cursor.rejected(
                            where, "a partition rule cannot compare with NULL, which is smallest");
            case Cell.Whole whole -> new Literal.Whole(whole.value());
            case Cell.Real real -> new Literal.Real(real.value());
            case Cell.Bytes bytes ->
                    new Literal.Text(new String(bytes.value(), StandardCharsets.UTF_8));
        };
    }

    private Cell fitting(Token where, Value value, Column column) {
        try {
            return Literals.toColumn(value, column.type(), Instant.EPOCH);
        } catch (TerraneException.Rejected e) {
            throw cursor.rejected(
                    where, e.code(), "partition column '" + column.name() + "': " + e.text());
        }
    }

    private TerraneException.Rejected unknown(Token where, String name) {
        return cursor.rejected(
                where, ErrorCode.COLUMN_NOT_FOUND, "there is no column '" + name + "'");
    }
}
