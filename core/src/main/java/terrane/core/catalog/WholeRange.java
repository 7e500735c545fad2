package terrane.core.catalog;

/// The whole numbers that a type can hold, ends included. Those of UINT64 are compared unsigned.
public record WholeRange(long lowest, long highest) {
    private static final WholeRange ALL = new WholeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    /// @param type one whose values travel as longs
    public static WholeRange of(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> new WholeRange(0, 1);
            case INT8 -> new WholeRange(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> new WholeRange(Short.MIN_VALUE, Short.MAX_VALUE);
            case INT32, DATE -> new WholeRange(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT8 -> new WholeRange(0, 0xFF);
            case UINT16 -> new WholeRange(0, 0xFFFF);
            case UINT32 -> new WholeRange(0, 0xFFFF_FFFFL);
            case UINT64 -> new WholeRange(0, -1);
            case INT64,
                    TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    ALL;
            case STRING, BINARY, FLOAT32, FLOAT64 ->
                    throw new IllegalArgumentException("not held as whole numbers: " + type);
        };
    }

    /// Whether every long stands for a value of the type.
    public boolean everything() {
        return equals(ALL) || highest == -1;
    }

    public boolean contains(long value) {
        return everything() || (value >= lowest && value <= highest);
    }

    /// A number as SQL has it.
    static String text(ColumnType type, long value) {
        return switch (type) {
            case BOOLEAN -> value == 0 ? "false" : "true";
            case UINT64 -> Long.toUnsignedString(value);
            default -> Long.toString(value);
        };
    }
}
