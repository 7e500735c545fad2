package terrane.core.rows;

import terrane.core.catalog.ColumnType;

import java.util.Optional;

/// The values of one column in one batch, dense: row `i` stands at index `i`, whatever is null.
///
/// Arrays are shared, not copied: whoever makes one gives it away.
public sealed interface ColumnValues {
    /// The column's id in its table's schema; names may change, ids may not.
    int columnId();

    ColumnType type();

    /// Bit `i % 64` of word `i / 64` is set where row `i` has a value; empty if no row is null.
    Optional<long[]> validity();

    default boolean isNull(int row) {
        return validity().isPresent() && (validity().get()[row >> 6] & (1L << row)) == 0;
    }

    /// Integers, booleans (0 and 1), dates (days) and timestamps (in the type's unit since 1970).
    record Longs(int columnId, ColumnType type, Optional<long[]> validity, long[] values)
            implements ColumnValues {}

    /// Floating-point numbers of either width.
    record Doubles(int columnId, ColumnType type, Optional<long[]> validity, double[] values)
            implements ColumnValues {}

    /// Strings (UTF-8) and binary values: row `i` is `dictionary[codes[i]]`; null rows have code 0.
    record Bytes(
            int columnId,
            ColumnType type,
            Optional<long[]> validity,
            byte[][] dictionary,
            int[] codes)
            implements ColumnValues {}
}
