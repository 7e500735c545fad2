package terrane.core.catalog;

/// A constant in a partition rule or in a predicate.
public sealed interface Literal {
    /// Compared by its UTF-8 bytes, unsigned.
    record Text(String value) implements Literal {}

    /// Integers, booleans as 0 and 1, timestamps in their column's unit.
    record Whole(long value) implements Literal {}

    /// Any floating-point column.
    record Real(double value) implements Literal {}
}
