package terrane.query.statement;

import terrane.query.statement.Token.Kind;

import java.math.BigInteger;
import java.util.HexFormat;

/// Reads constants.
final class Values {
    /// The digits of the largest integer of any column, 2^64 - 1, and some to spare: enough for a
    /// message about the range, too few to cost time.
    private static final int DIGITS_MAX = 40;

    private Values() {}

    static Value value(Cursor cursor) {
        var token = cursor.token();
        return switch (token.kind()) {
            case STRING -> new Value.Text(cursor.advance().text());
            case HEX -> hex(cursor);
            case NUMBER -> number(cursor, false);
            case SYMBOL -> signed(cursor);
            case WORD -> word(cursor);
            case QUOTED, END -> throw expected(cursor);
        };
    }

    private static Value signed(Cursor cursor) {
        boolean negative = cursor.token().isSymbol("-");
        if (!negative && !cursor.token().isSymbol("+")) {
            throw expected(cursor);
        }
        cursor.advance();
        if (cursor.token().kind() != Kind.NUMBER) {
            throw cursor.expected("a number");
        }
        return number(cursor, negative);
    }

    private static Value number(Cursor cursor, boolean negative) {
        var token = cursor.advance();
        String text = negative ? "-" + token.text() : token.text();
        boolean whole = text.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
        if (!whole) {
            return new Value.Real(Double.parseDouble(text));
        }
        if (text.length() > DIGITS_MAX) {
            throw cursor.rejected(
                    token, "an integer has at most " + DIGITS_MAX + " digits; write 1e50");
        }
        return new Value.Whole(new BigInteger(text));
    }

    private static Value hex(Cursor cursor) {
        var token = cursor.advance();
        try {
            return new Value.Bytes(HexFormat.of().parseHex(token.text()));
        } catch (IllegalArgumentException e) {
            throw cursor.rejected(token, "X'…' holds pairs of hexadecimal digits");
        }
    }

    private static Value word(Cursor cursor) {
        var token = cursor.token();
        return switch (token.upper()) {
            case "NULL" -> {
                cursor.advance();
                yield new Value.Null();
            }
            case "TRUE", "FALSE" -> new Value.Bool(cursor.advance().is("TRUE"));
            case "CURRENT_TIMESTAMP", "NOW" -> now(cursor);
            case "TIMESTAMP", "DATE" -> {
                if (cursor.following().kind() != Kind.STRING) {
                    throw expected(cursor);
                }
                cursor.advance();
                yield new Value.Text(cursor.advance().text());
            }
            case "DEFAULT" ->
                    throw cursor.unsupported(
                            token, "columns have no default values: write a constant or NULL");
            default -> throw expected(cursor);
        };
    }

    private static Value now(Cursor cursor) {
        boolean function = cursor.advance().is("NOW");
        if (cursor.acceptSymbol("(")) {
            cursor.expectSymbol(")");
        } else if (function) {
            throw cursor.expected("'(': now() is a function");
        }
        return new Value.Now();
    }

    private static RuntimeException expected(Cursor cursor) {
        return cursor.expected(
                "a constant: a number, a string in '…', X'…', TRUE, FALSE, NULL or now()");
    }
}
