package terrane.query.statement;

import java.math.BigInteger;

/// A constant as a user wrote it, before it meets the type of a column.
public sealed interface Value {
    record Null() implements Value {}

    record Bool(boolean value) implements Value {}

    /// An integer of any size; a column's range is checked by [Literals].
    record Whole(BigInteger value) implements Value {}

    /// A number with a point or an exponent.
    record Real(double value) implements Value {}

    record Text(String value) implements Value {}

    /// `X'0aff'`.
    record Bytes(byte[] value) implements Value {}

    /// `now()` or `CURRENT_TIMESTAMP`.
    record Now() implements Value {}

    /// How people read it in a message.
    default String text() {
        return switch (this) {
            case Null _ -> "NULL";
            case Bool bool -> bool.value() ? "TRUE" : "FALSE";
            case Whole whole -> whole.value().toString();
            case Real real -> Double.toString(real.value());
            case Text text -> "'" + text.value().replace("'", "''") + "'";
            case Bytes bytes -> "X'" + java.util.HexFormat.of().formatHex(bytes.value()) + "'";
            case Now _ -> "now()";
        };
    }
}
