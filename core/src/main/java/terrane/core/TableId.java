package terrane.core;

/// A table of one cluster: an unsigned 32-bit number, from 1024 on, never reused.
public record TableId(int value) implements Comparable<TableId> {
    /// The id of the first table of a cluster.
    public static final TableId FIRST = new TableId(1024);

    /// @throws TerraneException.Rejected if `text` is not an unsigned 32-bit decimal
    public static TableId parse(String text) {
        try {
            return new TableId(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "not a table id: '%s' (example: 1024)", text);
        }
    }

    public RegionId region(int number) {
        return new RegionId(((long) value << 32) | Integer.toUnsignedLong(number));
    }

    public TableId next() {
        return new TableId(value + 1);
    }

    @Override
    public int compareTo(TableId other) {
        return Integer.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(value);
    }
}
