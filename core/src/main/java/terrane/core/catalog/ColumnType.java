package terrane.core.catalog;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The type of a column: what users call it, what DuckDB calls it, and how its values travel.
public enum ColumnType {
    STRING(1, "String", "VARCHAR", Physical.BYTES),
    BINARY(2, "Binary", "BLOB", Physical.BYTES),
    BOOLEAN(3, "Boolean", "BOOLEAN", Physical.LONG),
    INT8(4, "Int8", "TINYINT", Physical.LONG),
    INT16(5, "Int16", "SMALLINT", Physical.LONG),
    INT32(6, "Int32", "INTEGER", Physical.LONG),
    INT64(7, "Int64", "BIGINT", Physical.LONG),
    UINT8(8, "UInt8", "UTINYINT", Physical.LONG),
    UINT16(9, "UInt16", "USMALLINT", Physical.LONG),
    UINT32(10, "UInt32", "UINTEGER", Physical.LONG),
    UINT64(11, "UInt64", "UBIGINT", Physical.LONG),
    FLOAT32(12, "Float32", "FLOAT", Physical.DOUBLE),
    FLOAT64(13, "Float64", "DOUBLE", Physical.DOUBLE),
    DATE(14, "Date", "DATE", Physical.LONG),
    TIMESTAMP_SECOND(15, "TimestampSecond", "TIMESTAMP_S", Physical.LONG),
    TIMESTAMP_MILLISECOND(16, "TimestampMillisecond", "TIMESTAMP_MS", Physical.LONG),
    TIMESTAMP_MICROSECOND(17, "TimestampMicrosecond", "TIMESTAMP", Physical.LONG),
    TIMESTAMP_NANOSECOND(18, "TimestampNanosecond", "TIMESTAMP_NS", Physical.LONG);

    /// How values of a type are held in a batch.
    public enum Physical {
        LONG,
        DOUBLE,
        BYTES
    }

    /// Each column of each record asks.
    private static final Map<Integer, ColumnType> BY_TAG =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ColumnType::tag, t -> t));

    private final int tag;
    private final String label;
    private final String duckType;
    private final Physical physical;

    ColumnType(int tag, String label, String duckType, Physical physical) {
        this.tag = tag;
        this.label = label;
        this.duckType = duckType;
        this.physical = physical;
    }

    /// The number that stands for this type in every encoding; never changed, never reused.
    public int tag() {
        return tag;
    }

    /// As `data_type` in answers, for example `TimestampMillisecond`.
    public String label() {
        return label;
    }

    /// The DuckDB type that holds it.
    public String duckType() {
        return duckType;
    }

    public Physical physical() {
        return physical;
    }

    public boolean isTimestamp() {
        return tag >= TIMESTAMP_SECOND.tag;
    }

    /// @return how many of this timestamp's units make a second
    public long unitsPerSecond() {
        return switch (this) {
            case TIMESTAMP_SECOND -> 1L;
            case TIMESTAMP_MILLISECOND -> 1_000L;
            case TIMESTAMP_MICROSECOND -> 1_000_000L;
            case TIMESTAMP_NANOSECOND -> 1_000_000_000L;
            default -> throw new IllegalArgumentException("not a timestamp: " + this);
        };
    }

    /// @return the type of that tag, or empty if no such type is known
    public static Optional<ColumnType> ofTag(int tag) {
        return Optional.ofNullable(BY_TAG.get(tag));
    }
}
