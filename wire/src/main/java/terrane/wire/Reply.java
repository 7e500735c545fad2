package terrane.wire;

/// A message that answers a [Request]; it asks for nothing itself.
public interface Reply {
    /// It was done; there is nothing else to say.
    record Ack() implements Reply {}
}
