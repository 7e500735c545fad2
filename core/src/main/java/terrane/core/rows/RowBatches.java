package terrane.core.rows;

import terrane.core.Invariant;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Cuts a batch into one for each region.
public final class RowBatches {
    private RowBatches() {}

    /// The rows of each region, in the order in which they stood; without rows for a region that
    /// gets none. Dictionaries are cut down to what is used.
    ///
    /// @param regionOfRow a number below `regionCount` for each row
    public static List<RowBatch> split(RowBatch batch, int[] regionOfRow, int regionCount) {
        Invariant.check(regionOfRow.length >= batch.rowCount(), "assigned=%d", regionOfRow.length);
        int[][] rows = rowsOf(batch.rowCount(), regionOfRow, regionCount);
        var parts = new ArrayList<RowBatch>(regionCount);
        for (int[] part : rows) {
            parts.add(part.length == batch.rowCount() ? batch : select(batch, part));
        }
        return Collections.unmodifiableList(parts);
    }

    private static int[][] rowsOf(int rowCount, int[] regionOfRow, int regionCount) {
        int[] counts = new int[regionCount];
        for (int row = 0; row < rowCount; row++) {
            counts[regionOfRow[row]]++;
        }
        int[][] rows = new int[regionCount][];
        for (int region = 0; region < regionCount; region++) {
            rows[region] = new int[counts[region]];
        }
        Arrays.fill(counts, 0);
        for (int row = 0; row < rowCount; row++) {
            int region = regionOfRow[row];
            rows[region][counts[region]++] = row;
        }
        return rows;
    }

    /// The rows of those numbers, in that order.
    public static RowBatch select(RowBatch batch, int[] rows) {
        var columns = new ArrayList<ColumnValues>(batch.columns().size());
        for (var column : batch.columns()) {
            columns.add(select(column, rows));
        }
        return new RowBatch(batch.schemaVersion(), rows.length, columns);
    }

    private static ColumnValues select(ColumnValues column, int[] rows) {
        var validity = validity(column, rows);
        return switch (column) {
            case Longs longs -> {
                long[] values = new long[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    values[i] = longs.values()[rows[i]];
                }
                yield new Longs(longs.columnId(), longs.type(), validity, values);
            }
            case Doubles doubles -> {
                double[] values = new double[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    values[i] = doubles.values()[rows[i]];
                }
                yield new Doubles(doubles.columnId(), doubles.type(), validity, values);
            }
            case Bytes bytes -> select(bytes, validity, rows);
        };
    }

    private static Optional<long[]> validity(ColumnValues column, int[] rows) {
        if (column.validity().isEmpty()) {
            return Optional.empty();
        }
        long[] words = new long[(rows.length + 63) >> 6];
        int count = 0;
        for (int i = 0; i < rows.length; i++) {
            if (!column.isNull(rows[i])) {
                words[i >> 6] |= 1L << i;
                count++;
            }
        }
        return count == rows.length ? Optional.empty() : Optional.of(words);
    }

    private static Bytes select(Bytes column, Optional<long[]> validity, int[] rows) {
        int[] renumbered = new int[column.dictionary().length];
        byte[][] dictionary = new byte[Math.min(renumbered.length, rows.length)][];
        int[] codes = new int[rows.length];
        int size = 0;
        for (int i = 0; i < rows.length; i++) {
            if (column.isNull(rows[i])) {
                continue;
            }
            int code = column.codes()[rows[i]];
            if (renumbered[code] == 0) {
                dictionary[size++] = column.dictionary()[code];
                renumbered[code] = size;
            }
            codes[i] = renumbered[code] - 1;
        }
        return new Bytes(
                column.columnId(), column.type(), validity, Arrays.copyOf(dictionary, size), codes);
    }
}
