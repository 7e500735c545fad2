package terrane.core;

/// One run of one role in one process: 128 random bits made at start. A node that restarts is
/// somebody else.
public record Incarnation(long high, long low) implements Comparable<Incarnation> {
    public static Incarnation random(Randomness randomness) {
        return new Incarnation(randomness.nextLong(), randomness.nextLong());
    }

    @Override
    public int compareTo(Incarnation other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public String toString() {
        return "%016x%016x".formatted(high, low);
    }
}
