package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType.Physical;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of an INSERT as columns of its table.
public final class InsertRows {
    private InsertRows() {}

    /// A column that is not named is null; the time index and other NOT NULL columns must be there.
    ///
    /// @return the rows in their order, in batches of at most [RowBatch#ROWS_MAX]
    /// @throws terrane.core.TerraneException.Rejected naming row and column
    public static List<RowBatch> bind(Statement.Insert insert, TableSchema schema, Instant now) {
        var columns = columns(insert, schema);
        var batches = new ArrayList<RowBatch>();
        for (int from = 0; from < insert.rows().size(); from += RowBatch.ROWS_MAX) {
            int to = Math.min(insert.rows().size(), from + RowBatch.ROWS_MAX);
            var values = new ArrayList<ColumnValues>();
            for (int index = 0; index < columns.size(); index++) {
                values.add(column(insert, columns.get(index), index, from, to, now));
            }
            batches.add(new RowBatch(schema.version(), to - from, values));
        }
        return batches;
    }

    private static List<Column> columns(Statement.Insert insert, TableSchema schema) {
        if (insert.columns().isEmpty()) {
            int width = insert.rows().isEmpty() ? 0 : insert.rows().getFirst().size();
            if (width != schema.columns().size()) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_SQL,
                        "a row has %d values, but the table has %d columns: %s",
                        width,
                        schema.columns().size(),
                        names(schema));
            }
            return schema.columns();
        }
        var columns = new LinkedHashSet<Column>();
        for (String name : insert.columns()) {
            var column =
                    schema.column(name).orElseThrow(() -> unknown(insert.table(), name, schema));
            if (!columns.add(column)) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_SQL, "column '%s' is named twice", name);
            }
        }
        for (var column : schema.columns()) {
            if (!column.nullable() && !columns.contains(column)) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_SQL,
                        "column '%s' is NOT NULL and must be given",
                        column.name());
            }
        }
        return List.copyOf(columns);
    }

    private static TerraneException.Rejected unknown(
            Object table, String name, TableSchema schema) {
        return TerraneException.rejected(
                ErrorCode.COLUMN_NOT_FOUND,
                "table '%s' has no column '%s'; it has: %s",
                table,
                name,
                names(schema));
    }

    private static String names(TableSchema schema) {
        return String.join(", ", schema.columns().stream().map(Column::name).limit(50).toList());
    }

    private static ColumnValues column(
            Statement.Insert insert, Column column, int index, int from, int to, Instant now) {
        var cells = new Cells(column, to - from);
        for (int row = from; row < to; row++) {
            var value = insert.rows().get(row).get(index);
            try {
                cells.add(Literals.toColumn(value, column.type(), now));
            } catch (TerraneException.Rejected e) {
                throw TerraneException.rejected(
                        e.code(), "row %d, column '%s': %s", row + 1, column.name(), e.text());
            }
        }
        return cells.values();
    }

    /// One column while it fills.
    private static final class Cells {
        private final Column column;
        private final long[] longs;
        private final double[] doubles;
        private final int[] codes;
        private final Map<String, Integer> codeOf = new LinkedHashMap<>();
        private final List<byte[]> dictionary = new ArrayList<>();
        private final long[] validity;
        private boolean nulls;
        private int row;

        Cells(Column column, int rows) {
            this.column = column;
            var physical = column.type().physical();
            this.longs = new long[physical == Physical.LONG ? rows : 0];
            this.doubles = new double[physical == Physical.DOUBLE ? rows : 0];
            this.codes = new int[physical == Physical.BYTES ? rows : 0];
            this.validity = new long[(rows + 63) >> 6];
        }

        void add(Cell cell) {
            switch (cell) {
                case Cell.Null _ -> {
                    if (!column.nullable()) {
                        throw TerraneException.rejected(
                                ErrorCode.TYPE_MISMATCH, "the column is NOT NULL");
                    }
                    nulls = true;
                }
                case Cell.Whole whole -> longs[row] = whole.value();
                case Cell.Real real -> doubles[row] = real.value();
                case Cell.Bytes bytes -> codes[row] = code(bytes.value());
            }
            if (!(cell instanceof Cell.Null)) {
                validity[row >> 6] |= 1L << row;
            }
            row++;
        }

        private int code(byte[] bytes) {
            // Latin 1 gives every byte a character of its own, so equal keys are equal bytes.
            String key = new String(bytes, StandardCharsets.ISO_8859_1);
            return codeOf.computeIfAbsent(
                    key,
                    _ -> {
                        dictionary.add(bytes);
                        return dictionary.size() - 1;
                    });
        }

        ColumnValues values() {
            if (dictionary.isEmpty()) {
                dictionary.add(new byte[0]); // the codes of nulls must point at something
            }
            var valid = nulls ? Optional.of(validity) : Optional.<long[]>empty();
            return switch (column.type().physical()) {
                case LONG -> new ColumnValues.Longs(column.id(), column.type(), valid, longs);
                case DOUBLE -> new ColumnValues.Doubles(column.id(), column.type(), valid, doubles);
                case BYTES ->
                        new ColumnValues.Bytes(
                                column.id(),
                                column.type(),
                                valid,
                                dictionary.toArray(byte[][]::new),
                                codes);
            };
        }
    }
}
