package terrane.core;

/// A datanode as an operator knows it: a number from its configuration, from 0 on, unsigned. It
/// belongs to one [Incarnation] at a time.
public record PeerId(long value) implements Comparable<PeerId> {
    /// @throws TerraneException.Rejected if `text` is not an unsigned 64-bit decimal
    public static PeerId parse(String text) {
        try {
            return new PeerId(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "not a peer id: '%s' (example: 1)", text);
        }
    }

    @Override
    public int compareTo(PeerId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(value);
    }
}
