package terrane.frontend.lineprotocol;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.bytes.Utf8;
import terrane.core.catalog.ColumnType;
import terrane.core.rows.ColumnBuilder;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatchBuilder;
import terrane.frontend.lineprotocol.Points.Lines;
import terrane.frontend.lineprotocol.Points.PointColumn;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The columns of one measurement while its lines are read. Not thread-safe.
final class PointsBuilder {
    /// As many as a table may reasonably have; each costs a look at every row that lacks it.
    static final int COLUMNS_MAX = 1_024;

    static final int NAME_BYTES_MAX = 255;

    /// A column and where the current batch keeps its values.
    private static final class Slot {
        final PointColumn column;
        final byte[] name;
        @Nullable ColumnBuilder values;
        int row = -1;

        Slot(PointColumn column, byte[] name) {
            this.column = column;
            this.name = name;
        }
    }

    private final String measurement;
    private final byte[] nameBytes;
    private final LineCursor cursor;
    private final CellBudget budget;
    private final List<Slot> slots = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<Lines> sealed = new ArrayList<>();
    private RowBatchBuilder rows = new RowBatchBuilder(0);
    private ColumnBuilder times = timesOf(rows);
    private int[] lines = new int[16];

    /// How many columns the current batch has, the time included.
    private int width = 1;

    /// Where the next column stands if this line is like the last.
    private int expected;

    PointsBuilder(String measurement, LineCursor cursor, CellBudget budget) {
        this.measurement = measurement;
        this.nameBytes = measurement.getBytes(StandardCharsets.UTF_8);
        this.cursor = cursor;
        this.budget = budget;
    }

    private static ColumnBuilder timesOf(RowBatchBuilder rows) {
        return rows.column(Points.TIME_ID, ColumnType.TIMESTAMP_NANOSECOND);
    }

    byte[] nameBytes() {
        return nameBytes;
    }

    static void checkName(LineCursor cursor, int start) {
        if (cursor.length > NAME_BYTES_MAX) {
            throw cursor.fail(
                    ErrorCode.TOO_LARGE, start, "name is longer than " + NAME_BYTES_MAX + " bytes");
        }
        if (!Utf8.wellFormed(cursor.text, cursor.from, cursor.length)) {
            throw cursor.fail(start, "name is not utf-8");
        }
    }

    void beginRow() {
        if (rows.full()) {
            seal();
        }
        int row = rows.addRow();
        if (row == lines.length) {
            lines = Arrays.copyOf(lines, row * 2);
        }
        lines[row] = cursor.line();
        expected = 0;
        charge(width);
    }

    void time(long nanos) {
        times.put(nanos);
    }

    private void charge(long cells) {
        if (!budget.take(cells)) {
            throw cursor.fail(
                    ErrorCode.TOO_LARGE,
                    cursor.at,
                    "points and their different fields make more than %d cells; send fewer at once"
                            .formatted(CellBudget.CELLS_MAX));
        }
    }

    /// The column that the cursor's token names, for a value in the current row.
    ///
    /// @param start where the token began
    ColumnBuilder column(Kind kind, int start) {
        int number = expected;
        if (number >= slots.size() || !cursor.tokenEquals(slots.get(number).name)) {
            number = find(kind, start);
        }
        expected = number + 1;
        var slot = slots.get(number);
        int row = rows.rowCount() - 1;
        if (slot.column.kind() != kind) {
            throw conflict(slot.column, kind, start);
        }
        if (slot.row == row) {
            throw cursor.fail(start, "'%s' stands twice in one line".formatted(slot.column.name()));
        }
        slot.row = row;
        var values = slot.values;
        if (values == null) {
            values = rows.column(slot.column.id(), kind.type());
            slot.values = values;
            width++;
            charge(rows.rowCount());
        }
        return values;
    }

    private int find(Kind kind, int start) {
        checkName(cursor, start);
        if (cursor.length == 0) {
            throw cursor.fail(start, "name of %s is empty".formatted(kind.words()));
        }
        var name = new String(cursor.text, cursor.from, cursor.length, StandardCharsets.UTF_8);
        Integer known = numbers.putIfAbsent(name, slots.size());
        if (known != null) {
            return known;
        }
        if (slots.size() == COLUMNS_MAX) {
            throw cursor.fail(
                    ErrorCode.TOO_LARGE,
                    start,
                    "measurement has more than " + COLUMNS_MAX + " tags and fields");
        }
        var column = new PointColumn(slots.size() + 1, name, kind, cursor.line());
        slots.add(new Slot(column, name.getBytes(StandardCharsets.UTF_8)));
        return slots.size() - 1;
    }

    private TerraneException conflict(PointColumn column, Kind kind, int start) {
        return cursor.fail(
                ErrorCode.TYPE_MISMATCH,
                start,
                "'%s' of '%s' is %s here and %s in line %d"
                        .formatted(
                                column.name(),
                                measurement,
                                kind.words(),
                                column.kind().words(),
                                column.line()));
    }

    private void seal() {
        var batch = rows.build();
        int[] numbersOfLines = Arrays.copyOf(lines, batch.rowCount());
        for (var values : batch.columns()) {
            if (values instanceof ColumnValues.Bytes bytes) {
                checkText(bytes, numbersOfLines);
            }
        }
        sealed.add(new Lines(batch, numbersOfLines));
        rows = new RowBatchBuilder(0);
        times = timesOf(rows);
        width = 1;
        for (var slot : slots) {
            slot.values = null;
            slot.row = -1;
        }
    }

    private void checkText(ColumnValues.Bytes column, int[] numbersOfLines) {
        for (int code = 0; code < column.dictionary().length; code++) {
            if (!Utf8.wellFormed(column.dictionary()[code])) {
                int row = 0;
                while (column.codes()[row] != code || column.isNull(row)) {
                    row++;
                }
                throw TerraneException.rejected(
                        ErrorCode.INVALID_LINE_PROTOCOL,
                        "line %d: value of '%s' is not utf-8; nothing was written",
                        numbersOfLines[row],
                        slots.get(column.columnId() - 1).column.name());
            }
        }
    }

    Points build() {
        seal();
        return new Points(measurement, slots.stream().map(slot -> slot.column).toList(), sealed);
    }
}
