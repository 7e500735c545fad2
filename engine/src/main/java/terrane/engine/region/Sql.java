package terrane.engine.region;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.scan.Predicate;
import terrane.core.scan.TimeRange;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// Writes conditions and constants as SQL. Constants, not parameters, because DuckDB decides which
/// parts of a file to read before it knows parameters.
final class Sql {
    /// Beyond every timestamp that a batch may bring, in microseconds, and within DuckDB's own.
    private static final long MICROS_MOST = 9_100_000_000_000_000_000L;

    private static final long NANOS_MOST = Long.MAX_VALUE - 1;

    /// As above, in days.
    private static final long DAYS_MOST = 2_100_000_000L;

    private Sql() {}

    static String text(String value) {
        if (value.indexOf('\0') >= 0) {
            return "decode(" + blob(value) + ")"; // a zero ends a statement
        }
        return "'" + value.replace("'", "''") + "'";
    }

    private static String blob(String value) {
        var hex = new StringBuilder("'");
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            hex.append("\\x").append(HexFormat.of().withUpperCase().toHexDigits(b));
        }
        return hex.append("'::BLOB").toString();
    }

    /// The condition on the column `name`, whose values are of `type`; a timestamp may also be in
    /// microseconds, as files return them.
    ///
    /// @throws TerraneException.Rejected if the column cannot be compared with the constant
    static String predicate(String name, ColumnType type, Predicate predicate) {
        return switch (predicate) {
            case Predicate.Compare(int _, var operator, var value) ->
                    name + " " + operator.symbol() + " " + constant(type, value);
            case Predicate.In(int _, var values) -> in(name, type, values);
            case Predicate.IsNull(int _, boolean negated) ->
                    name + (negated ? " IS NOT NULL" : " IS NULL");
        };
    }

    private static String in(String name, ColumnType type, List<Literal> values) {
        if (values.isEmpty()) {
            return "false";
        }
        return values.stream()
                .map(value -> constant(type, value))
                .collect(Collectors.joining(", ", name + " IN (", ")"));
    }

    /// The condition that a time lies in the range; empty if every time does.
    static String within(String name, ColumnType type, TimeRange times) {
        var from = new Literal.Whole(times.from());
        var to = new Literal.Whole(times.to());
        var lower = times.from() == Long.MIN_VALUE ? "" : name + " >= " + constant(type, from);
        var upper = times.to() == Long.MAX_VALUE ? "" : name + " <= " + constant(type, to);
        return lower.isEmpty() || upper.isEmpty() ? lower + upper : lower + " AND " + upper;
    }

    static String constant(ColumnType type, Literal literal) {
        return switch (literal) {
            case Literal.Text(var value) when type == ColumnType.STRING -> text(value);
            case Literal.Text(var value) when type == ColumnType.BINARY -> blob(value);
            case Literal.Text _ -> throw mismatch(type, literal);
            case Literal.Whole(long value) -> whole(type, value, literal);
            case Literal.Real(double value) -> real(type, value, literal);
        };
    }

    private static TerraneException.Rejected mismatch(ColumnType type, Literal literal) {
        return TerraneException.rejected(
                ErrorCode.TYPE_MISMATCH,
                "column of type %s cannot be compared with %s",
                type.label(),
                literal);
    }

    private static String whole(ColumnType type, long value, Literal literal) {
        return switch (type) {
            case STRING, BINARY -> throw mismatch(type, literal);
            case BOOLEAN -> {
                if (value != 0 && value != 1) {
                    throw mismatch(type, literal);
                }
                yield value == 1 ? "true" : "false";
            }
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> integer(type, value);
            case FLOAT32, FLOAT64 -> real(type, (double) value, literal);
            case DATE -> "(DATE '1970-01-01' + (%d)::INTEGER)".formatted(clamp(value, DAYS_MOST));
            case TIMESTAMP_SECOND -> micros(value, 1_000_000);
            case TIMESTAMP_MILLISECOND -> micros(value, 1_000);
            case TIMESTAMP_MICROSECOND -> micros(value, 1);
            case TIMESTAMP_NANOSECOND ->
                    "make_timestamp_ns((%d)::BIGINT)".formatted(clamp(value, NANOS_MOST));
        };
    }

    /// Out of the type's range the comparison is made in a wider type, which costs the pushdown.
    private static String integer(ColumnType type, long value) {
        boolean fits =
                switch (type) {
                    case INT8 -> value == (byte) value;
                    case INT16 -> value == (short) value;
                    case INT32 -> value == (int) value;
                    case UINT8 -> value == (value & 0xFF);
                    case UINT16 -> value == (value & 0xFFFF);
                    case UINT32 -> value == (value & 0xFFFF_FFFFL);
                    case UINT64 -> value >= 0;
                    default -> true;
                };
        return "('%d'::%s)".formatted(value, fits ? type.duckType() : "HUGEINT");
    }

    private static String real(ColumnType type, double value, Literal literal) {
        return switch (type) {
            case FLOAT32 -> "('%s'::DOUBLE::FLOAT)".formatted(value);
            case FLOAT64, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 ->
                    "('%s'::DOUBLE)".formatted(value);
            case STRING,
                    BINARY,
                    BOOLEAN,
                    DATE,
                    TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    throw mismatch(type, literal);
        };
    }

    private static String micros(long value, long factor) {
        long most = MICROS_MOST / factor;
        return "make_timestamp((%d)::BIGINT)".formatted(clamp(value, most) * factor);
    }

    private static long clamp(long value, long most) {
        return Math.clamp(value, -most, most);
    }
}
