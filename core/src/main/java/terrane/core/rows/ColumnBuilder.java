package terrane.core.rows;

import terrane.core.Invariant;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.ColumnType.Physical;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// One column of a [RowBatchBuilder]. A value goes into the row that was added last; of two values
/// for one row the second stays.
public final class ColumnBuilder {
    private static final int CAPACITY_MIN = 64;

    private final RowBatchBuilder batch;
    private final int columnId;
    private final ColumnType type;
    private final Dictionary dictionary = new Dictionary();
    private long[] valid = new long[1];
    private long[] longs = {};
    private double[] doubles = {};
    private int[] codes = {};

    ColumnBuilder(RowBatchBuilder batch, int columnId, ColumnType type) {
        this.batch = batch;
        this.columnId = columnId;
        this.type = type;
    }

    public int columnId() {
        return columnId;
    }

    public ColumnType type() {
        return type;
    }

    /// An integer, boolean (0 or 1), date (days) or timestamp (in the type's unit).
    public void put(long value) {
        int row = row(Physical.LONG);
        if (row >= longs.length) {
            longs = Arrays.copyOf(longs, capacity(row));
        }
        longs[row] = value;
    }

    public void put(double value) {
        int row = row(Physical.DOUBLE);
        if (row >= doubles.length) {
            doubles = Arrays.copyOf(doubles, capacity(row));
        }
        doubles[row] = value;
    }

    /// @param value copied if it is new to this column; UTF-8 where the column is text
    public void put(byte[] value, int from, int length) {
        int row = row(Physical.BYTES);
        if (row >= codes.length) {
            codes = Arrays.copyOf(codes, capacity(row));
        }
        codes[row] = dictionary.code(value, from, length);
    }

    public void put(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        put(bytes, 0, bytes.length);
    }

    /// Takes away the row's value, if it had one.
    public void putNull() {
        int row = batch.rowCount() - 1;
        Invariant.check(row >= 0, "a value before the first row");
        if (!has(row)) {
            return;
        }
        valid[row >> 6] &= ~(1L << row);
        switch (type.physical()) {
            case LONG -> longs[row] = 0;
            case DOUBLE -> doubles[row] = 0;
            case BYTES -> codes[row] = 0;
        }
    }

    /// Whether the last row has a value.
    public boolean hasValue() {
        return batch.rowCount() > 0 && has(batch.rowCount() - 1);
    }

    private boolean has(int row) {
        return row >> 6 < valid.length && (valid[row >> 6] & (1L << row)) != 0;
    }

    private int row(Physical physical) {
        int row = batch.rowCount() - 1;
        Invariant.check(row >= 0, "a value before the first row");
        Invariant.check(type.physical() == physical, "column %d is %s", columnId, type);
        if (row >> 6 >= valid.length) {
            valid = Arrays.copyOf(valid, capacity(row) >> 6);
        }
        valid[row >> 6] |= 1L << row;
        return row;
    }

    private static int capacity(int row) {
        return Math.max(CAPACITY_MIN, Integer.highestOneBit(row) << 1);
    }

    ColumnValues build() {
        int rows = batch.rowCount();
        return switch (type.physical()) {
            case LONG -> new Longs(columnId, type, validity(rows), Arrays.copyOf(longs, rows));
            case DOUBLE ->
                    new Doubles(columnId, type, validity(rows), Arrays.copyOf(doubles, rows));
            case BYTES ->
                    new Bytes(
                            columnId,
                            type,
                            validity(rows),
                            dictionary.entries(),
                            Arrays.copyOf(codes, rows));
        };
    }

    private Optional<long[]> validity(int rows) {
        int count = 0;
        for (long word : valid) {
            count += Long.bitCount(word);
        }
        return count == rows ? Optional.empty() : Optional.of(Arrays.copyOf(valid, words(rows)));
    }

    private static int words(int rows) {
        return (rows + 63) >> 6;
    }
}
