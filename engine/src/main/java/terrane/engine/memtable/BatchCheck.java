package terrane.engine.memtable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.scan.TimeRange;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// What a batch must fulfil before it goes into the log. What does not fit would stop every replay
/// and every flush of its region, so nothing of it may get past here.
final class BatchCheck {
    /// The strings of one batch, written out: a small dictionary could otherwise stand for 65,536
    /// times its size. 64 MiB is 1 KiB for each row of the largest batch.
    static final long EXPANDED_BYTES_MAX = 64L << 20;

    private BatchCheck() {}

    static void check(RowBatch batch, TableSchema schema) {
        var seen = new HashSet<Integer>();
        long expanded = 0;
        for (var values : batch.columns()) {
            var column =
                    schema.column(values.columnId())
                            .orElseThrow(() ->
                                    TerraneException.rejected(
                                            ErrorCode.COLUMN_NOT_FOUND,
                                            "no such column id=%d schemaVersion=%d",
                                            values.columnId(),
                                            schema.version()));
            if (!seen.add(column.id())) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_ARGUMENT, "column given twice name=%s", column.name());
            }
            checkValues(column, values, batch.rowCount());
            if (values instanceof ColumnValues.Bytes strings) {
                expanded += ColumnBuffer.added(strings, 0, batch.rowCount());
            }
        }
        if (expanded > EXPANDED_BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "strings of one batch too long sizeBytes=%d sizeBytesMax=%d",
                    expanded,
                    EXPANDED_BYTES_MAX);
        }
        checkNothingMissing(batch, schema, seen);
    }

    private static void checkNothingMissing(RowBatch batch, TableSchema schema, Set<Integer> seen) {
        for (var column : schema.columns()) {
            if (mandatory(column) && batch.rowCount() > 0 && !seen.contains(column.id())) {
                throw mismatch(column, "no value where null is not allowed");
            }
        }
    }

    private static boolean mandatory(Column column) {
        return !column.nullable() || column.semantic() == Column.Semantic.TIMESTAMP;
    }

    private static TerraneException.Rejected mismatch(Column column, String what) {
        return TerraneException.rejected(
                ErrorCode.TYPE_MISMATCH,
                "%s column=%s type=%s",
                what,
                column.name(),
                column.type().label());
    }

    private static void checkValues(Column column, ColumnValues values, int rows) {
        if (values.type() != column.type() || !shapeFits(values, rows)) {
            throw mismatch(column, "value of another type, " + values.type().label() + ", for");
        }
        if (mandatory(column) && anyNull(values, rows)) {
            throw mismatch(column, "null where it is not allowed");
        }
        switch (values) {
            case ColumnValues.Longs longs -> checkRange(column, longs, rows);
            case ColumnValues.Doubles _ -> {} // every bit pattern is a number
            case ColumnValues.Bytes strings -> checkText(column, strings);
        }
    }

    /// DuckDB refuses strings that are not UTF-8, in a flush too.
    private static void checkText(Column column, ColumnValues.Bytes strings) {
        if (column.type() != ColumnType.STRING) {
            return;
        }
        for (byte[] value : strings.dictionary()) {
            if (!isAscii(value) && !isUtf8(value)) {
                throw mismatch(column, "string that is not UTF-8");
            }
        }
    }

    private static boolean isAscii(byte[] value) {
        int union = 0;
        for (byte b : value) {
            union |= b;
        }
        return union >= 0;
    }

    private static boolean isUtf8(byte[] value) {
        try {
            // A new decoder reports what is malformed, unlike the constructor of String.
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean shapeFits(ColumnValues values, int rows) {
        var physical = values.type().physical();
        return switch (values) {
            case ColumnValues.Longs longs ->
                    physical == ColumnType.Physical.LONG && longs.values().length >= rows;
            case ColumnValues.Doubles doubles ->
                    physical == ColumnType.Physical.DOUBLE && doubles.values().length >= rows;
            case ColumnValues.Bytes strings ->
                    physical == ColumnType.Physical.BYTES && strings.codes().length >= rows;
        };
    }

    private static boolean anyNull(ColumnValues values, int rows) {
        for (int row = 0; row < rows; row++) {
            if (values.isNull(row)) {
                return true;
            }
        }
        return false;
    }

    private static void checkRange(Column column, ColumnValues.Longs longs, int rows) {
        var range = range(column.type());
        if (range.equals(TimeRange.ALL)) {
            return;
        }
        for (int row = 0; row < rows; row++) {
            long value = longs.values()[row];
            if ((value < range.from() || value > range.to()) && !longs.isNull(row)) {
                throw mismatch(column, "number out of range value=" + value);
            }
        }
    }

    /// What a type can hold. Dates and timestamps stop short of where DuckDB's own do (2^63
    /// microseconds, 2^31 days, with its two infinities), so that no cast overflows.
    static TimeRange range(ColumnType type) {
        return switch (type) {
            case STRING, BINARY, FLOAT32, FLOAT64, INT64, UINT64 -> TimeRange.ALL;
            case BOOLEAN -> new TimeRange(0, 1);
            case INT8 -> new TimeRange(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> new TimeRange(Short.MIN_VALUE, Short.MAX_VALUE);
            case INT32 -> new TimeRange(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT8 -> new TimeRange(0, 0xFF);
            case UINT16 -> new TimeRange(0, 0xFFFF);
            case UINT32 -> new TimeRange(0, 0xFFFF_FFFFL);
            case DATE -> around(2_000_000_000L);
            case TIMESTAMP_SECOND -> around(9_000_000_000_000L);
            case TIMESTAMP_MILLISECOND -> around(9_000_000_000_000_000L);
            case TIMESTAMP_MICROSECOND -> around(9_000_000_000_000_000_000L);
            case TIMESTAMP_NANOSECOND -> around(9_200_000_000_000_000_000L);
        };
    }

    private static TimeRange around(long most) {
        return new TimeRange(-most, most);
    }
}
