package terrane.core;

/// The Kafka offset of a record in a region's WAL partition. With the row's number in its record it
/// is the row's version: of two rows with one key the greater wins.
///
/// Where a position in the log is meant (applied, flushed), it is the offset of the *next* record:
/// everything below it is covered.
public record WalOffset(long value) implements Comparable<WalOffset> {
    public static final WalOffset ZERO = new WalOffset(0);

    public WalOffset {
        Invariant.check(value >= 0, "negative wal offset %d", value);
    }

    public WalOffset next() {
        return new WalOffset(value + 1);
    }

    public boolean isBelow(WalOffset other) {
        return value < other.value;
    }

    /// @return how many offsets lie from `earlier` up to this one; negative if it is the later one
    public long minus(WalOffset earlier) {
        return value - earlier.value;
    }

    public static WalOffset max(WalOffset first, WalOffset second) {
        return first.value >= second.value ? first : second;
    }

    public static WalOffset min(WalOffset first, WalOffset second) {
        return first.value <= second.value ? first : second;
    }

    @Override
    public int compareTo(WalOffset other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
