package terrane.query.statement;

import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableSchema;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Tables and partition rules as the SQL that makes them.
public final class CreateTableText {
    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    /// Words that would not be read as names everywhere in a table's definition.
    private static final Pattern KEYWORDS =
            Pattern.compile("primary|time|null|true|false|now|date|timestamp|if|default");

    private CreateTableText() {}

    /// What SHOW CREATE TABLE answers; parsing it makes the same table.
    public static String of(Table table) {
        var schema = table.schema();
        var lines = new ArrayList<String>();
        schema.columns().forEach(column -> lines.add(column(column)));
        lines.add("TIME INDEX (" + quoted(schema.timeIndex().name()) + ")");
        if (!schema.tags().isEmpty()) {
            lines.add(
                    schema.tags().stream()
                            .map(tag -> quoted(tag.name()))
                            .collect(Collectors.joining(", ", "PRIMARY KEY (", ")")));
        }
        return "CREATE TABLE IF NOT EXISTS %s (\n  %s\n)%s\nENGINE=mito%s"
                .formatted(
                        quoted(table.name().table()),
                        String.join(",\n  ", lines),
                        partitions(table),
                        options(table));
    }

    private static String partitions(Table table) {
        var rule = table.partitions();
        if (rule.regions().isEmpty()) {
            return "";
        }
        return "\nPARTITION ON COLUMNS (%s) (\n  %s\n)"
                .formatted(
                        rule.columns().stream()
                                .map(CreateTableText::quoted)
                                .collect(Collectors.joining(", ")),
                        rule.regions().stream()
                                .map(expr -> of(expr, table.schema()))
                                .collect(Collectors.joining(",\n  ")));
    }

    private static String options(Table table) {
        if (table.options().isEmpty()) {
            return "";
        }
        return table.options().entrySet().stream()
                .map(option -> option.getKey() + " = " + string(option.getValue()))
                .collect(Collectors.joining(",\n  ", "\nWITH (\n  ", "\n)"));
    }

    private static String column(Column column) {
        return quoted(column.name())
                + " "
                + type(column.type())
                + (column.nullable() ? " NULL" : " NOT NULL");
    }

    /// The type's name in SQL, as it is printed.
    public static String type(ColumnType type) {
        return switch (type) {
            case STRING -> "STRING";
            case BINARY -> "BINARY";
            case BOOLEAN -> "BOOLEAN";
            case INT8 -> "TINYINT";
            case INT16 -> "SMALLINT";
            case INT32 -> "INT";
            case INT64 -> "BIGINT";
            case UINT8 -> "TINYINT UNSIGNED";
            case UINT16 -> "SMALLINT UNSIGNED";
            case UINT32 -> "INT UNSIGNED";
            case UINT64 -> "BIGINT UNSIGNED";
            case FLOAT32 -> "FLOAT";
            case FLOAT64 -> "DOUBLE";
            case DATE -> "DATE";
            case TIMESTAMP_SECOND -> "TIMESTAMP(0)";
            case TIMESTAMP_MILLISECOND -> "TIMESTAMP(3)";
            case TIMESTAMP_MICROSECOND -> "TIMESTAMP(6)";
            case TIMESTAMP_NANOSECOND -> "TIMESTAMP(9)";
        };
    }

    /// @param schema gives the types by which constants are printed
    public static String of(PartitionExpr expr, TableSchema schema) {
        return switch (expr) {
            case PartitionExpr.And and ->
                    nested(and.lhs(), schema, and.lhs() instanceof PartitionExpr.Or)
                            + " AND "
                            + nested(
                                    and.rhs(),
                                    schema,
                                    !(and.rhs() instanceof PartitionExpr.Comparison));
            case PartitionExpr.Or or ->
                    of(or.lhs(), schema)
                            + " OR "
                            + nested(or.rhs(), schema, or.rhs() instanceof PartitionExpr.Or);
            case PartitionExpr.Comparison comparison ->
                    "%s %s %s"
                            .formatted(
                                    quoted(comparison.column()),
                                    comparison.operator().symbol(),
                                    literal(comparison, schema));
        };
    }

    /// In brackets where the tree would otherwise read back as another one: both operators bind to
    /// the left, and AND more tightly.
    private static String nested(PartitionExpr expr, TableSchema schema, boolean brackets) {
        return brackets ? "(" + of(expr, schema) + ")" : of(expr, schema);
    }

    private static String literal(PartitionExpr.Comparison comparison, TableSchema schema) {
        var type = schema.column(comparison.column()).map(Column::type).orElse(ColumnType.STRING);
        return switch (comparison.value()) {
            case Literal.Text text -> string(text.value());
            case Literal.Real real -> Double.toString(real.value());
            case Literal.Whole whole -> whole(whole.value(), type);
        };
    }

    private static String whole(long value, ColumnType type) {
        return switch (type) {
            case BOOLEAN -> value == 0 ? "FALSE" : "TRUE";
            case UINT64 -> Long.toUnsignedString(value);
            case DATE -> string(LocalDate.ofEpochDay(value).toString());
            case STRING,
                    BINARY,
                    INT8,
                    INT16,
                    INT32,
                    INT64,
                    UINT8,
                    UINT16,
                    UINT32,
                    FLOAT32,
                    FLOAT64,
                    TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    Long.toString(value);
        };
    }

    private static String string(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /// A name that reads back as itself; in double quotes unless it is a plain word.
    static String quoted(String name) {
        return PLAIN.matcher(name).matches() && !KEYWORDS.matcher(name).matches()
                ? name
                : "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
