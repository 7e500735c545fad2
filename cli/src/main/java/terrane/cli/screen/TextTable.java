package terrane.cli.screen;

import org.jline.utils.WCWidth;

import java.util.ArrayList;
import java.util.List;

/// A table as psql draws it.
public final class TextTable {
    /// Where a cell stands in its column.
    public enum Align {
        LEFT,
        RIGHT
    }

    private record Column(String name, Align align) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    @com.google.errorprone.annotations.CanIgnoreReturnValue
    public TextTable column(String name, Align align) {
        columns.add(new Column(name, align));
        return this;
    }

    /// @param cells as many as there are columns
    public void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    public int rowCount() {
        return rows.size();
    }

    /// With a line that counts the rows.
    public String draw() {
        var widths = widths();
        var text = new StringBuilder();
        header(text, widths);
        rows.forEach(row -> row(text, widths, row));
        return text.append(rows.size() == 1 ? "(1 row)" : "(" + rows.size() + " rows)")
                .append('\n')
                .toString();
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(columns.get(i).name());
            for (var row : rows) {
                for (var line : lines(row.get(i))) {
                    widths[i] = Math.max(widths[i], width(line));
                }
            }
        }
        return widths;
    }

    private void header(StringBuilder text, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            var name = columns.get(i).name();
            int free = widths[i] - width(name);
            int before = free / 2;
            text.append(i == 0 ? " " : "| ");
            text.repeat(' ', before).append(name).repeat(' ', free - before + 1);
        }
        trim(text);
        for (int i = 0; i < widths.length; i++) {
            text.append(i == 0 ? "" : "+").repeat('-', widths[i] + 2);
        }
        text.append('\n');
    }

    /// A cell of several lines takes several lines, each but its last with a plus sign behind it.
    private void row(StringBuilder text, int[] widths, List<String> row) {
        var cells = row.stream().map(TextTable::lines).toList();
        int height = cells.stream().mapToInt(List::size).max().orElse(1);
        for (int line = 0; line < height; line++) {
            for (int i = 0; i < widths.length; i++) {
                var lines = cells.get(i);
                var cell = line < lines.size() ? lines.get(line) : "";
                int free = widths[i] - width(cell);
                boolean right = columns.get(i).align() == Align.RIGHT;
                text.append(i == 0 ? " " : "| ");
                text.repeat(' ', right ? free : 0).append(cell).repeat(' ', right ? 0 : free);
                text.append(line < lines.size() - 1 ? '+' : ' ');
            }
            trim(text);
        }
    }

    /// Ends the line without the blanks that nobody sees.
    private static void trim(StringBuilder text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }

    private static List<String> lines(String cell) {
        var lines = new ArrayList<String>();
        for (var line : cell.split("\n", -1)) {
            lines.add(visible(line));
        }
        return lines;
    }

    /// Control characters of stored text would move the cursor, or worse.
    private static String visible(String line) {
        if (line.chars().noneMatch(Character::isISOControl)) {
            return line;
        }
        var text = new StringBuilder();
        line.codePoints()
                .forEach(c -> {
                    if (Character.isISOControl(c)) {
                        text.append("\\x%02X".formatted(c));
                    } else {
                        text.appendCodePoint(c);
                    }
                });
        return text.toString();
    }

    private static int width(String text) {
        return text.codePoints().map(c -> Math.max(0, WCWidth.wcwidth(c))).sum();
    }
}
