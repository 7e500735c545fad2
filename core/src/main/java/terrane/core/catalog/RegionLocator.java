package terrane.core.catalog;

import terrane.core.catalog.Literal.Real;
import terrane.core.catalog.Literal.Text;
import terrane.core.catalog.Literal.Whole;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;
import terrane.core.rows.RowBatch;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/// Which region each row belongs to, for one table's rule. Made once for each version of a table,
/// then asked for every batch: a dictionary's entry is looked up once, not once for each row.
/// Immutable, for many threads.
public final class RegionLocator {
    private final PartitionGrid grid;
    private final int[] regionOfCell;

    /// @param rule sound: [PartitionRules#validate] has passed it
    public RegionLocator(PartitionRule rule, TableSchema schema) {
        boolean single = rule.regions().isEmpty();
        grid = new PartitionGrid(single ? PartitionRule.SINGLE : rule, schema);
        regionOfCell = single ? new int[1] : grid.regionOfCell();
    }

    /// The region's number for each row; a column that is not in the batch is null.
    public int[] locate(RowBatch batch) {
        int rows = batch.rowCount();
        int[] located = new int[rows];
        for (var axis : grid.axes()) {
            var column = batch.column(axis.column().id());
            int[] indexes = column.isEmpty() ? new int[rows] : indexes(axis, column.get(), rows);
            for (int row = 0; row < rows; row++) {
                located[row] = located[row] * axis.size() + indexes[row];
            }
        }
        for (int row = 0; row < rows; row++) {
            located[row] = regionOfCell[located[row]];
        }
        return located;
    }

    /// The region's number for one row.
    ///
    /// @param value of a column by its name; empty for null
    public int locate(Function<String, Optional<Literal>> value) {
        int cell = 0;
        for (var axis : grid.axes()) {
            int place = value.apply(axis.column().name()).map(axis::place).orElse(0);
            cell = cell * axis.size() + axis.index(place);
        }
        return regionOfCell[cell];
    }

    private static int[] indexes(PartitionAxis axis, ColumnValues column, int rows) {
        return switch (column) {
            case Bytes bytes -> indexes(axis, bytes, rows);
            case Longs longs -> {
                int[] indexes = new int[rows];
                for (int row = 0; row < rows; row++) {
                    indexes[row] =
                            longs.isNull(row) ? 0 : index(axis, new Whole(longs.values()[row]));
                }
                yield indexes;
            }
            case Doubles doubles -> {
                int[] indexes = new int[rows];
                for (int row = 0; row < rows; row++) {
                    indexes[row] =
                            doubles.isNull(row) ? 0 : index(axis, new Real(doubles.values()[row]));
                }
                yield indexes;
            }
        };
    }

    private static int[] indexes(PartitionAxis axis, Bytes column, int rows) {
        int[] ofCode = new int[column.dictionary().length];
        for (int code = 0; code < ofCode.length; code++) {
            var text = new String(column.dictionary()[code], StandardCharsets.UTF_8);
            ofCode[code] = index(axis, new Text(text));
        }
        int[] indexes = new int[rows];
        for (int row = 0; row < rows; row++) {
            indexes[row] = column.isNull(row) ? 0 : ofCode[column.codes()[row]];
        }
        return indexes;
    }

    private static int index(PartitionAxis axis, Literal value) {
        return axis.index(axis.place(value));
    }
}
