package terrane.core;

/// One partition of one table: table id (upper 32 bits), then region number (lower 32 bits).
/// Printed as one unsigned 64-bit decimal: table 1087, region 0 is `4668629450752`.
public record RegionId(long value) implements Comparable<RegionId> {
    /// @throws TerraneException.Rejected if `text` is not an unsigned 64-bit decimal
    public static RegionId parse(String text) {
        try {
            return new RegionId(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "not a region id: '%s' (example: 4398046511104)",
                    text);
        }
    }

    public TableId table() {
        return new TableId((int) (value >>> 32));
    }

    public int number() {
        return (int) value;
    }

    @Override
    public int compareTo(RegionId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(value);
    }
}
