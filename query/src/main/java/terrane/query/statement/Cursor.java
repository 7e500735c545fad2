package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.TerraneException.Rejected;
import terrane.core.catalog.TableName;
import terrane.query.statement.Token.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A place in a text of statements, with one token of foresight.
final class Cursor {
    /// A list may be as long as the text; a name, a type or an option may not.
    static final int NAME_CHARS_MAX = 255;

    private final String sql;
    private final String schema;
    private final Lexer lexer;
    private Token token;
    private Token following;

    Cursor(String sql, String schema) {
        this.sql = sql;
        this.schema = schema;
        this.lexer = new Lexer(sql);
        this.token = lexer.next();
        this.following = lexer.next();
    }

    String sql() {
        return sql;
    }

    /// Where unqualified names belong.
    String schema() {
        return schema;
    }

    Token token() {
        return token;
    }

    Token following() {
        return following;
    }

    /// Steps over the current token and returns it.
    Token advance() {
        var passed = token;
        token = following;
        following = token.kind() == Kind.END ? token : lexer.next();
        return passed;
    }

    boolean at(String keyword) {
        return token.is(keyword);
    }

    /// Whether the next two tokens are these keywords.
    boolean at(String keyword, String next) {
        return token.is(keyword) && following.is(next);
    }

    boolean accept(String keyword) {
        boolean there = token.is(keyword);
        if (there) {
            advance();
        }
        return there;
    }

    /// Steps over both keywords or over none.
    boolean accept(String keyword, String next) {
        boolean there = at(keyword, next);
        if (there) {
            advance();
            advance();
        }
        return there;
    }

    boolean acceptSymbol(String symbol) {
        boolean there = token.isSymbol(symbol);
        if (there) {
            advance();
        }
        return there;
    }

    void expect(String keyword) {
        if (!accept(keyword)) {
            throw expected(keyword);
        }
    }

    void expectSymbol(String symbol) {
        if (!acceptSymbol(symbol)) {
            throw expected("'" + symbol + "'");
        }
    }

    boolean acceptIfNotExists() {
        if (!accept("IF")) {
            return false;
        }
        expect("NOT");
        expect("EXISTS");
        return true;
    }

    boolean acceptIfExists() {
        if (!accept("IF")) {
            return false;
        }
        expect("EXISTS");
        return true;
    }

    /// A name, quoted or not.
    ///
    /// @param what for the message, for example `a column name`
    String name(String what) {
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
            throw expected(what);
        }
        if (token.text().isEmpty() || token.text().length() > NAME_CHARS_MAX) {
            throw rejected(token, "a name has 1 to " + NAME_CHARS_MAX + " characters");
        }
        return advance().text();
    }

    /// `table`, `schema.table` or `catalog.schema.table`.
    TableName tableName() {
        var first = token;
        var parts = new ArrayList<String>();
        do {
            parts.add(name("a table name"));
        } while (acceptSymbol("."));
        return switch (parts.size()) {
            case 1 -> new TableName(TableName.CATALOG, schema, parts.get(0));
            case 2 -> new TableName(TableName.CATALOG, parts.get(0), parts.get(1));
            case 3 -> new TableName(parts.get(0), parts.get(1), parts.get(2));
            default -> throw rejected(first, "a table name has at most three parts, not " + parts);
        };
    }

    /// `(item, item, …)` with at least one item.
    <T> List<T> list(Supplier<T> item) {
        expectSymbol("(");
        var items = new ArrayList<T>();
        do {
            items.add(item.get());
        } while (acceptSymbol(","));
        if (!acceptSymbol(")")) {
            throw expected("',' or ')'");
        }
        return items;
    }

    /// The current token is not what the grammar has here.
    Rejected expected(String expected) {
        return rejected(token, "found " + token.shown() + ", expected " + expected);
    }

    Rejected rejected(Token where, String message) {
        return rejected(where, ErrorCode.INVALID_SQL, message);
    }

    Rejected unsupported(Token where, String message) {
        return rejected(where, ErrorCode.UNSUPPORTED, message);
    }

    Rejected rejected(Token where, ErrorCode code, String message) {
        return Positions.rejected(sql, where.begin(), code, message);
    }
}
