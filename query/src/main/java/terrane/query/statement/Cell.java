package terrane.query.statement;

/// A value that fits its column: what [Literals] makes of a [Value].
public sealed interface Cell {
    record Null() implements Cell {}

    /// Integers, booleans (0 and 1), dates (days) and timestamps (in the type's unit since 1970).
    record Whole(long value) implements Cell {}

    /// Floating-point numbers of either width.
    record Real(double value) implements Cell {}

    /// UTF-8 of a string, or binary.
    record Bytes(byte[] value) implements Cell {}
}
