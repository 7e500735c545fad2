package terrane.sim.history;

/// What a client was told of a write in the end, all retries counted as one.
public enum Outcome {
    ACKNOWLEDGED,

    /// It may or may not have been carried out, now or later.
    UNKNOWN,

    /// It was refused, and nothing of it was carried out.
    REFUSED
}
