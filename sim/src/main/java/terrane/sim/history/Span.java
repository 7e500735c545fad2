package terrane.sim.history;

/// From when a client began until it had its answer, on one clock for all clients.
public record Span(long beganNanos, long endedNanos) {
    /// Whether this was over before the other began.
    boolean isBefore(Span other) {
        return endedNanos - other.beganNanos < 0;
    }

    boolean overlaps(Span other) {
        return !isBefore(other) && !other.isBefore(this);
    }
}
