package terrane.query.statement;

import terrane.core.catalog.MergeMode;
import terrane.query.statement.Token.Kind;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// `WITH (name = 'value', …)` of a table. A `ttl` is checked and kept, and shown where tables are
/// shown; rows that are older are not removed yet.
final class TableOptions {
    /// `30d`, `1h30m`, `2 weeks`, or one of GreptimeDB's two words.
    private static final Pattern TTL =
            Pattern.compile(
                    "forever|instant|([0-9]{1,9} ?(ms|msec|s|sec|secs|seconds?|m|min|mins|minutes?"
                            + "|h|hr|hrs|hours?|d|days?|w|weeks?|M|months?|y|years?) ?){1,8}");

    private TableOptions() {}

    static SortedMap<String, String> parse(Cursor cursor) {
        var options = new TreeMap<String, String>();
        cursor.expectSymbol("(");
        while (!cursor.acceptSymbol(")")) {
            option(cursor, options);
            if (!cursor.acceptSymbol(",") && !cursor.token().isSymbol(")")) {
                throw cursor.expected("',' or ')'");
            }
        }
        return options;
    }

    private static void option(Cursor cursor, SortedMap<String, String> options) {
        var where = cursor.token();
        boolean quoted = where.kind() == Kind.STRING;
        String name = (quoted ? cursor.advance().text() : cursor.name("an option"));
        name = name.toLowerCase(Locale.ROOT);
        cursor.expectSymbol("=");
        var value = cursor.token();
        switch (value.kind()) {
            case STRING, WORD, NUMBER -> cursor.advance();
            case QUOTED, HEX, SYMBOL, END -> throw cursor.expected("the option's value in '…'");
        }
        check(cursor, where, name, value);
        if (options.put(name, value.text()) != null) {
            throw cursor.rejected(where, "option '" + name + "' is given twice");
        }
    }

    private static void check(Cursor cursor, Token where, String name, Token value) {
        switch (name) {
            case "append_mode" ->
                    valid(
                            cursor,
                            value,
                            value.text().matches("(?i)true|false"),
                            "'true' or 'false'");
            case "merge_mode" ->
                    valid(
                            cursor,
                            value,
                            value.text().matches("last_row|last_non_null"),
                            "'last_row' or 'last_non_null'");
            case "ttl" ->
                    valid(
                            cursor,
                            value,
                            TTL.matcher(value.text()).matches(),
                            "a time such as '30d' or '1h30m', or 'forever'");
            case "followers" ->
                    valid(
                            cursor,
                            value,
                            value.text().matches("[01]"),
                            "0 or 1: how many nodes follow each region, ready to take it over");
            default ->
                    throw cursor.unsupported(
                            where,
                            "table option '%s' is not supported; there are: append_mode,"
                                            .formatted(name)
                                    + " merge_mode, ttl, followers");
        }
    }

    private static void valid(Cursor cursor, Token value, boolean valid, String expected) {
        if (!valid) {
            throw cursor.rejected(value, "found " + value.shown() + ", expected " + expected);
        }
    }

    /// @param where for the message if the options contradict each other
    static MergeMode mergeMode(Cursor cursor, Token where, SortedMap<String, String> options) {
        boolean append = options.getOrDefault("append_mode", "false").equalsIgnoreCase("true");
        if (append && options.containsKey("merge_mode")) {
            throw cursor.rejected(
                    where, "append_mode = 'true' keeps every row: leave out merge_mode");
        }
        if (append) {
            return MergeMode.APPEND;
        }
        return options.getOrDefault("merge_mode", "last_row").equals("last_row")
                ? MergeMode.LAST_ROW
                : MergeMode.LAST_NON_NULL;
    }
}
