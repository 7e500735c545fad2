package terrane.query.select;

import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.scan.TimeRange;
import terrane.query.statement.IsoTimes;
import terrane.query.statement.Literals;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Constants in a query's tree, as far as their comparison with a column is the same here as in
/// DuckDB.
final class Constants {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?");

    /// Text with an offset is left to DuckDB, whose types treat it differently.
    private static final Pattern LOCAL_TIME = Pattern.compile("[0-9 T:.-]{1,40}");

    private static final Set<String> TIME_TYPES =
            Set.of("TIMESTAMP", "TIMESTAMP_US", "TIMESTAMP_NS", "DATETIME", "DATE");

    private Constants() {}

    /// A comparison with a non-null constant that DuckDB makes in the column's own type, or in one
    /// that holds both exactly.
    static Optional<Literal> literal(JsonNode node, ColumnType type) {
        if (!constant(node)) {
            return Optional.empty();
        }
        String kind = node.path("literal").path("kind").asString("");
        String text = node.path("literal").path("text").asString("");
        return switch (type) {
            case STRING -> kind.equals("STRING") ? text(text) : Optional.empty();
            case INT8, INT16, INT32, INT64 -> integer(kind, text);
            case UINT8, UINT16, UINT32, UINT64 ->
                    integer(kind, text).filter(_ -> !text.startsWith("-"));
            case BOOLEAN -> bool(kind, text);
            case FLOAT64 -> real(kind, text);
            case BINARY,
                    FLOAT32,
                    DATE,
                    TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    Optional.empty();
        };
    }

    private static boolean constant(JsonNode node) {
        return node.path("class").asString("").equals("CONSTANT");
    }

    private static Optional<Literal> text(String text) {
        return Optional.of(new Literal.Text(text));
    }

    private static Optional<Literal> integer(String kind, String text) {
        return kind.equals("INTEGER") && INTEGER.matcher(text).matches()
                ? Optional.of(new Literal.Whole(Long.parseLong(text)))
                : Optional.empty();
    }

    private static Optional<Literal> bool(String kind, String text) {
        return kind.equals("BOOLEAN")
                ? Optional.of(new Literal.Whole(text.equalsIgnoreCase("true") ? 1 : 0))
                : Optional.empty();
    }

    /// Only numbers that a double holds exactly; any other may be rounded in two ways.
    private static Optional<Literal> real(String kind, String text) {
        boolean number = kind.equals("INTEGER") || kind.equals("NUMERIC");
        if (!number || !DECIMAL.matcher(text).matches()) {
            return Optional.empty();
        }
        double value = Double.parseDouble(text);
        boolean exact = new BigDecimal(value).compareTo(new BigDecimal(text)) == 0;
        return exact ? Optional.of(new Literal.Real(value)) : Optional.empty();
    }

    /// A time, written as text or cast from text.
    ///
    /// @return the times in the column's unit between which it lies, whichever way it is rounded
    static Optional<TimeRange> time(JsonNode node, ColumnType type) {
        return instant(node)
                .flatMap(instant ->
                        Literals.inUnit(instant, type)
                                .map(unit ->
                                        whole(instant, type)
                                                ? new TimeRange(unit, unit)
                                                : around(unit, type)));
    }

    /// DuckDB may round to the column's unit, or to microseconds first, or not at all.
    private static TimeRange around(long unit, ColumnType type) {
        long margin = 1 + type.unitsPerSecond() / 1_000_000L;
        boolean far = unit < Long.MIN_VALUE + margin || unit > Long.MAX_VALUE - margin;
        return far ? TimeRange.ALL : new TimeRange(unit - margin, unit + margin);
    }

    private static boolean whole(Instant instant, ColumnType type) {
        long nanos = 1_000_000_000L / Math.min(type.unitsPerSecond(), 1_000_000L);
        return instant.get(ChronoField.NANO_OF_SECOND) % nanos == 0;
    }

    private static Optional<Instant> instant(JsonNode node) {
        if (constant(node)) {
            return node.path("literal").path("kind").asString("").equals("STRING")
                    ? instant(node.path("literal").path("text").asString(""))
                    : Optional.empty();
        }
        boolean cast =
                node.path("class").asString("").equals("CAST")
                        && !node.has("try_cast")
                        && constant(node.path("child"));
        String type = node.path("type_expr").path("type_name").asString("");
        boolean known = TIME_TYPES.contains(type.toUpperCase(Locale.ROOT));
        boolean day = type.equalsIgnoreCase("DATE");
        if (!cast || !known) {
            return Optional.empty();
        }
        return instant(node.path("child"))
                .filter(instant -> !day || instant.getEpochSecond() % 86_400 == 0);
    }

    private static Optional<Instant> instant(String text) {
        return LOCAL_TIME.matcher(text).matches() ? IsoTimes.instant(text) : Optional.empty();
    }

    /// A number of rows.
    static Optional<Long> count(JsonNode node) {
        return constant(node)
                ? integer(
                                node.path("literal").path("kind").asString(""),
                                node.path("literal").path("text").asString(""))
                        .filter(Literal.Whole.class::isInstance)
                        .map(literal -> ((Literal.Whole) literal).value())
                        .filter(count -> count >= 0)
                : Optional.empty();
    }
}
