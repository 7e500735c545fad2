package terrane.core;

/// The reign of one incarnation of one node over one region. Allocated by the metasrv in a Raft
/// entry, strictly growing per region, never reused, not even by the same node. Starts at 1.
public record Epoch(long value) implements Comparable<Epoch> {
    /// Before the first fence: nobody has led yet.
    public static final Epoch NONE = new Epoch(0);

    public Epoch {
        Invariant.check(value >= 0, "negative epoch %d", value);
    }

    public Epoch next() {
        return new Epoch(value + 1);
    }

    public boolean isAbove(Epoch other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
