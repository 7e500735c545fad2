package terrane.cli.sql;

import terrane.cli.client.SqlAnswer;
import terrane.cli.screen.TextTable;
import terrane.cli.screen.TextTable.Align;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/// Answers as people read them.
public final class AnswerText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private AnswerText() {}

    public static String of(SqlAnswer answer) {
        return switch (answer) {
            case SqlAnswer.Affected affected ->
                    affected.rows() == 1
                            ? "1 row affected\n"
                            : affected.rows() + " rows affected\n";
            case SqlAnswer.Rows rows -> table(rows).draw();
        };
    }

    private static TextTable table(SqlAnswer.Rows rows) {
        var table = new TextTable();
        for (var column : rows.columns()) {
            table.column(column.name(), column.numeric() ? Align.RIGHT : Align.LEFT);
        }
        for (var row : rows.rows()) {
            var cells = new ArrayList<String>();
            for (int i = 0; i < rows.columns().size(); i++) {
                cells.add(cell(rows.columns().get(i).type(), row.get(i)));
            }
            table.row(List.copyOf(cells));
        }
        return table;
    }

    private static String cell(String type, JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        if (type.startsWith("Timestamp") && value.isIntegralNumber()) {
            return time(type, value.asLong());
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "t" : "f";
        }
        return value.isContainer() ? value.toString() : value.asString();
    }

    /// In UTC, with as many decimal places as the unit has.
    private static String time(String type, long units) {
        int places = places(type);
        long perSecond = 1;
        for (int i = 0; i < places; i++) {
            perSecond *= 10;
        }
        long seconds = Math.floorDiv(units, perSecond);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            return Long.toString(units);
        }
        var text = TIME.format(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC));
        long fraction = Math.floorMod(units, perSecond);
        return places == 0 ? text : text + "." + ("%0" + places + "d").formatted(fraction);
    }

    private static int places(String type) {
        return switch (type) {
            case "TimestampSecond" -> 0;
            case "TimestampMicrosecond" -> 6;
            case "TimestampNanosecond" -> 9;
            default -> 3;
        };
    }
}
