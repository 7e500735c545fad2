package terrane.core.scan;

/// Times in the unit of the table's time index.
///
/// @param from inclusive
/// @param to inclusive, so that every value of a long can be covered
public record TimeRange(long from, long to) {
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    public boolean isEmpty() {
        return from > to;
    }

    public boolean overlaps(TimeRange other) {
        return from <= other.to && other.from <= to;
    }
}
