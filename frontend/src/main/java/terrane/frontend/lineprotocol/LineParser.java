package terrane.frontend.lineprotocol;

import static terrane.frontend.lineprotocol.LineCursor.COMMA;
import static terrane.frontend.lineprotocol.LineCursor.END;
import static terrane.frontend.lineprotocol.LineCursor.EQUALS;
import static terrane.frontend.lineprotocol.LineCursor.SPACE;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Parses the bytes of one request straight into columns: no object is made for a value, a name is
/// looked up only where it is not the one that stood there in the line before.
public final class LineParser {
    /// 1,024 measurements of one request: an empty one takes about 2 KiB.
    static final int MEASUREMENTS_MAX = 1_024;

    private final LineCursor cursor;
    private final Numbers numbers = new Numbers();
    private final Precision precision;
    private final long nowNanos;
    private final Map<String, PointsBuilder> measurements = new LinkedHashMap<>();
    private final CellBudget budget = new CellBudget();
    private PointsBuilder current;

    private LineParser(byte[] bytes, int length, Precision precision, long nowNanos) {
        this.cursor = new LineCursor(bytes, length);
        this.precision = precision;
        this.nowNanos = nowNanos;
        this.current = new PointsBuilder("", cursor, budget);
    }

    /// @param nowNanos since 1970: the time of points that have none
    /// @return one entry for each measurement, in the order in which they came
    /// @throws TerraneException.Rejected naming line and column
    public static List<Points> parse(byte[] bytes, int length, Precision precision, long nowNanos) {
        var parser = new LineParser(bytes, length, precision, nowNanos);
        parser.lines();
        var points = new ArrayList<Points>();
        parser.measurements.values().forEach(builder -> points.add(builder.build()));
        return points;
    }

    private void lines() {
        while (true) {
            cursor.skipSpaces();
            if (cursor.atEnd()) {
                return;
            }
            if (!cursor.atLineEnd() && !cursor.at('#')) {
                point();
            }
            cursor.skipLine();
        }
    }

    private void point() {
        measurement();
        current.beginRow();
        while (cursor.at(',')) {
            cursor.at++;
            tag();
        }
        if (!cursor.at(' ')) {
            throw cursor.fail(cursor.at, "expected a space and fields, as in 'cpu,host=a usage=1'");
        }
        cursor.skipSpaces();
        field();
        while (cursor.at(',')) {
            cursor.at++;
            field();
        }
        int afterFields = cursor.at;
        cursor.skipSpaces();
        if (cursor.atLineEnd()) {
            current.time(nowNanos);
        } else if (cursor.at > afterFields) {
            timestamp();
        } else {
            throw cursor.fail(cursor.at, "expected ',' or a space after a field");
        }
    }

    private void measurement() {
        int start = cursor.at;
        cursor.token(COMMA | SPACE | END);
        if (cursor.length == 0) {
            throw cursor.fail(start, "measurement is empty");
        }
        if (cursor.tokenEquals(current.nameBytes()) && !measurements.isEmpty()) {
            return;
        }
        var name = name(start);
        var known = measurements.get(name);
        if (known == null) {
            if (measurements.size() == MEASUREMENTS_MAX) {
                throw cursor.fail(
                        ErrorCode.TOO_LARGE,
                        start,
                        "more than " + MEASUREMENTS_MAX + " measurements in one request");
            }
            known = new PointsBuilder(name, cursor, budget);
            measurements.put(name, known);
        }
        current = known;
    }

    private String name(int start) {
        PointsBuilder.checkName(cursor, start);
        return new String(cursor.text, cursor.from, cursor.length, StandardCharsets.UTF_8);
    }

    private void tag() {
        int start = cursor.at;
        cursor.token(EQUALS | COMMA | SPACE | END);
        if (!cursor.at('=')) {
            throw cursor.fail(cursor.at, "expected '=' after the name of a tag");
        }
        var column = current.column(Kind.TAG, start);
        cursor.at++;
        int value = cursor.at;
        cursor.token(EQUALS | COMMA | SPACE | END);
        if (cursor.length == 0) {
            throw cursor.fail(value, "tag has no value; leave the tag out instead");
        }
        if (cursor.at('=')) {
            throw cursor.fail(cursor.at, "'=' in the value of a tag needs a backslash before it");
        }
        column.put(cursor.text, cursor.from, cursor.length);
    }

    private void field() {
        int start = cursor.at;
        cursor.token(EQUALS | COMMA | SPACE | END);
        if (!cursor.at('=')) {
            throw cursor.fail(
                    cursor.at,
                    cursor.at == start
                            ? "expected a field, as in 'usage=1'"
                            : "expected '=' after the name of a field");
        }
        cursor.at++;
        if (cursor.at('"')) {
            var column = current.column(Kind.TEXT, start);
            cursor.quoted();
            column.put(cursor.text, cursor.from, cursor.length);
        } else {
            unquoted(start);
        }
    }

    /// A number or a boolean, by its last or its first letter.
    private void unquoted(int start) {
        byte[] in = cursor.in;
        int from = cursor.at;
        int to = from;
        while (to < cursor.end && in[to] != ',' && in[to] != ' ' && in[to] >= ' ') {
            to++;
        }
        if (to == from) {
            throw cursor.fail(from, "field has no value");
        }
        byte last = in[to - 1];
        if ((last >= '0' && last <= '9') || last == '.') {
            double real = Numbers.real(in, from, to);
            current.column(Kind.FLOAT, start).put(real);
            if (Double.isNaN(real)) {
                throw badValue(from, to);
            }
        } else if (last == 'i' && numbers.whole(in, from, to - 1)) {
            current.column(Kind.INTEGER, start).put(numbers.value());
        } else if (last == 'u' && numbers.unsigned(in, from, to - 1)) {
            current.column(Kind.UNSIGNED, start).put(numbers.value());
        } else {
            current.column(Kind.BOOLEAN, start).put(truth(from, to));
        }
        cursor.at = to;
    }

    private long truth(int from, int to) {
        var text = to - from > 5 ? "" : slice(from, to);
        return switch (text) {
            case "t", "T", "true", "True", "TRUE" -> 1;
            case "f", "F", "false", "False", "FALSE" -> 0;
            default -> throw badValue(from, to);
        };
    }

    private TerraneException.Rejected badValue(int from, int to) {
        return cursor.fail(
                from,
                "'%s' is not a value: 1.5, 15i, 15u, true, or \"text\" in double quotes"
                        .formatted(slice(from, Math.min(to, from + 40))));
    }

    private String slice(int from, int to) {
        return new String(cursor.in, from, to - from, StandardCharsets.UTF_8);
    }

    private void timestamp() {
        int from = cursor.at;
        cursor.token(SPACE | END);
        if (!numbers.whole(cursor.in, from, cursor.at)) {
            throw cursor.fail(
                    from,
                    "'%s' is not a timestamp: an integer since 1970"
                            .formatted(slice(from, Math.min(cursor.at, from + 40))));
        }
        long time = numbers.value();
        long nanos = time * precision.nanos();
        if (Math.multiplyHigh(time, precision.nanos()) != nanos >> 63) {
            throw cursor.fail(from, "timestamp is beyond the years 1677 to 2262: check precision");
        }
        current.time(nanos);
        cursor.skipSpaces();
        if (!cursor.atLineEnd()) {
            throw cursor.fail(cursor.at, "expected the end of the line after the timestamp");
        }
    }
}
