package terrane.query.statement;

import java.util.Locale;

/// One word, constant or symbol of a statement.
///
/// @param text the word as written; of a quoted name or a string, what is between the quotes
/// @param begin where it begins in the whole text
/// @param end where the next character after it is
record Token(Kind kind, String text, int begin, int end) {
    enum Kind {
        /// A keyword or an unquoted name.
        WORD,
        /// A name in `"…"` or backticks.
        QUOTED,
        STRING,
        /// `X'0aff'`, of which the text is the digits.
        HEX,
        NUMBER,
        SYMBOL,
        END
    }

    boolean is(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    String upper() {
        return text.toUpperCase(Locale.ROOT);
    }

    /// As it is shown in a message.
    String shown() {
        String cut = text.length() <= 40 ? text : text.substring(0, 40) + "…";
        return switch (kind) {
            case END -> "the end of the statement";
            case STRING -> "the string '" + cut + "'";
            case QUOTED -> "the name \"" + cut + "\"";
            case HEX -> "X'" + cut + "'";
            case WORD, NUMBER, SYMBOL -> "'" + cut + "'";
        };
    }
}
