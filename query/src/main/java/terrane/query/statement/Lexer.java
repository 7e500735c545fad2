package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.query.statement.Token.Kind;

/// Cuts text into tokens, one at a time. Knows what DuckDB knows of quotes and comments, so that
/// the end of a SELECT is found without understanding it.
final class Lexer {
    private final String sql;
    private int at;

    Lexer(String sql) {
        this.sql = sql;
    }

    Token next() {
        skipBlanks();
        int begin = at;
        if (begin >= sql.length()) {
            return new Token(Kind.END, "", begin, begin);
        }
        char c = sql.charAt(begin);
        if (c == '\'') {
            return string(begin, begin, false);
        }
        if (c == '"' || c == '`') {
            return new Token(Kind.QUOTED, quoted(c, begin, "name"), begin, at);
        }
        if (isDigit(c) || (c == '.' && isDigit(charAt(begin + 1)))) {
            return number(begin);
        }
        if (Character.isLetter(c) || c == '_' || Character.isSurrogate(c)) {
            return word(begin);
        }
        if (c == '$') {
            return dollar(begin);
        }
        return symbol(begin);
    }

    private Token word(int begin) {
        char c = sql.charAt(begin);
        if (charAt(begin + 1) == '\'') {
            if (c == 'x' || c == 'X') {
                at = begin + 1;
                return new Token(Kind.HEX, quoted('\'', begin + 1, "constant"), begin, at);
            }
            if (c == 'e' || c == 'E') {
                return string(begin, begin + 1, true);
            }
        }
        at = begin + 1;
        while (isWordPart(charAt(at))) {
            at++;
        }
        return new Token(Kind.WORD, sql.substring(begin, at), begin, at);
    }

    private Token string(int begin, int quote, boolean escapes) {
        if (!escapes) {
            return new Token(Kind.STRING, quoted('\'', quote, "string"), begin, at);
        }
        var text = new StringBuilder();
        at = quote + 1;
        while (true) {
            char c = charAt(at);
            if (at >= sql.length()) {
                throw unterminated("string", begin);
            }
            if (c == '\'' && charAt(at + 1) != '\'') {
                at++;
                return new Token(Kind.STRING, text.toString(), begin, at);
            }
            boolean escape = c == '\\' && at + 1 < sql.length();
            text.append(escape ? unescaped(sql.charAt(at + 1)) : c);
            at += escape || c == '\'' ? 2 : 1;
        }
    }

    private static char unescaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> c;
        };
    }

    /// What stands between two quotes, of which a doubled one within stands for itself.
    private String quoted(char quote, int open, String what) {
        var text = new StringBuilder();
        int from = open + 1;
        while (true) {
            int close = sql.indexOf(quote, from);
            if (close < 0) {
                throw unterminated(what, open);
            }
            text.append(sql, from, close);
            if (charAt(close + 1) != quote) {
                at = close + 1;
                return text.toString();
            }
            text.append(quote);
            from = close + 2;
        }
    }

    /// `$$text$$` or `$tag$text$tag$`, or a lone dollar sign.
    private Token dollar(int begin) {
        int end = begin + 1;
        while (isWordPart(charAt(end)) && charAt(end) != '$') {
            end++;
        }
        if (charAt(end) != '$' || isDigit(charAt(begin + 1))) {
            at = begin + 1;
            return new Token(Kind.SYMBOL, "$", begin, at);
        }
        String tag = sql.substring(begin, end + 1);
        int close = sql.indexOf(tag, end + 1);
        if (close < 0) {
            throw unterminated("string", begin);
        }
        at = close + tag.length();
        return new Token(Kind.STRING, sql.substring(end + 1, close), begin, at);
    }

    private Token number(int begin) {
        at = begin;
        digits();
        if (charAt(at) == '.') {
            at++;
            digits();
        }
        char sign = charAt(at + 1);
        boolean exponent =
                isDigit(sign) || ((sign == '-' || sign == '+') && isDigit(charAt(at + 2)));
        if ((charAt(at) == 'e' || charAt(at) == 'E') && exponent) {
            at += 2;
            digits();
        }
        if (isWordPart(charAt(at))) {
            throw Positions.rejected(
                    sql, begin, ErrorCode.INVALID_SQL, "a number runs into a name");
        }
        return new Token(Kind.NUMBER, sql.substring(begin, at), begin, at);
    }

    private void digits() {
        while (isDigit(charAt(at))) {
            at++;
        }
    }

    private Token symbol(int begin) {
        String two = sql.substring(begin, Math.min(sql.length(), begin + 2));
        boolean pair =
                switch (two) {
                    case "<=", ">=", "<>", "!=", "==", "::" -> true;
                    default -> false;
                };
        at = begin + (pair ? 2 : 1);
        return new Token(Kind.SYMBOL, sql.substring(begin, at), begin, at);
    }

    private void skipBlanks() {
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int line = sql.indexOf('\n', at);
                at = line < 0 ? sql.length() : line + 1;
            } else if (sql.startsWith("/*", at)) {
                int close = sql.indexOf("*/", at + 2);
                if (close < 0) {
                    throw unterminated("comment", at);
                }
                at = close + 2;
            } else {
                return;
            }
        }
    }

    private char charAt(int index) {
        return index < sql.length() ? sql.charAt(index) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || Character.isSurrogate(c);
    }

    private TerraneException.Rejected unterminated(String what, int begin) {
        return Positions.rejected(
                sql, begin, ErrorCode.INVALID_SQL, "a " + what + " begins here and does not end");
    }
}
