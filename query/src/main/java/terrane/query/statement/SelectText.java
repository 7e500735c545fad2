package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.query.statement.Token.Kind;

/// Finds the end of a SELECT without understanding it, and refuses one that DuckDB would recurse
/// into too deeply: it has limits of its own for expressions, but none for joins, of which 100,000
/// ended the process.
final class SelectText {
    /// A query of 20,000 constants in an IN list; more than people write.
    static final int CHARS_MAX = 256 << 10;

    /// Brackets within brackets.
    static final int DEPTH_MAX = 128;

    /// Each is a level of a tree that is walked recursively, and DuckDB orders joins without
    /// looking at the clock: 64 took 0.1 s, 256 took 48 s.
    static final int JOINS_MAX = 64;

    private final Cursor cursor;
    private final boolean[] inFrom = new boolean[DEPTH_MAX + 1];
    private int depth;
    private int joins;

    private SelectText(Cursor cursor) {
        this.cursor = cursor;
    }

    /// The text up to the semicolon, with backticks made double quotes, for DuckDB knows only
    /// those.
    static String parse(Cursor cursor) {
        return new SelectText(cursor).parse();
    }

    private String parse() {
        var first = cursor.token();
        var sql = new StringBuilder();
        int copied = first.begin();
        while (cursor.token().kind() != Kind.END && !cursor.token().isSymbol(";")) {
            var token = cursor.advance();
            watch(token);
            if (token.kind() == Kind.QUOTED && cursor.sql().charAt(token.begin()) == '`') {
                sql.append(cursor.sql(), copied, token.begin());
                sql.append('"').append(token.text().replace("\"", "\"\"")).append('"');
                copied = token.end();
            }
        }
        sql.append(cursor.sql(), copied, cursor.token().begin());
        if (sql.length() > CHARS_MAX) {
            throw cursor.rejected(
                    first,
                    ErrorCode.TOO_LARGE,
                    "the query is too long: chars=%d max=%d".formatted(sql.length(), CHARS_MAX));
        }
        return sql.toString().strip();
    }

    private void watch(Token token) {
        switch (token.kind()) {
            case SYMBOL -> symbol(token);
            case WORD -> word(token);
            case QUOTED, STRING, HEX, NUMBER, END -> {}
        }
    }

    private void symbol(Token token) {
        switch (token.text()) {
            case "(", "[", "{" -> {
                if (++depth > DEPTH_MAX) {
                    throw cursor.rejected(
                            token, "brackets are nested too deeply: the limit is " + DEPTH_MAX);
                }
                inFrom[depth] = false;
            }
            case ")", "]", "}" -> depth = Math.max(0, depth - 1);
            case "," -> count(token, inFrom[depth]);
            default -> {}
        }
    }

    private void word(Token token) {
        switch (token.upper()) {
            case "FROM" -> inFrom[depth] = true;
            case "JOIN" -> count(token, true);
            case "UNION", "INTERSECT", "EXCEPT" -> {
                inFrom[depth] = false;
                count(token, true);
            }
            case "SELECT", "WHERE", "GROUP", "HAVING", "WINDOW", "QUALIFY", "ORDER", "LIMIT" ->
                    inFrom[depth] = false;
            default -> {}
        }
    }

    private void count(Token token, boolean counts) {
        if (counts && ++joins > JOINS_MAX) {
            throw cursor.rejected(
                    token, "the query joins or unites too many relations: max=" + JOINS_MAX);
        }
    }
}
