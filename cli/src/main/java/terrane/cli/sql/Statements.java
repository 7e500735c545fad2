package terrane.cli.sql;

import java.util.ArrayList;
import java.util.List;

/// Cuts a text into statements, at the semicolons that are outside of quotes and comments.
final class Statements {
    private Statements() {}

    /// @param whole statements without their semicolons; none is blank
    /// @param rest what follows the last semicolon; blank if nothing does
    record Cut(List<String> whole, String rest) {
        Cut {
            whole = List.copyOf(whole);
        }
    }

    static Cut cut(String text) {
        var whole = new ArrayList<String>();
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ';') {
                var statement = text.substring(from, at).strip();
                if (!statement.isEmpty()) {
                    whole.add(statement);
                }
                from = at + 1;
            }
            at = after(text, at);
        }
        return new Cut(whole, text.substring(from));
    }

    /// Behind the character, or behind the quoted text or comment that begins there.
    private static int after(String text, int at) {
        char c = text.charAt(at);
        if (c == '\'' || c == '"' || c == '`') {
            return behind(text, String.valueOf(c), at + 1);
        }
        if (text.startsWith("--", at)) {
            return behind(text, "\n", at + 2);
        }
        if (text.startsWith("/*", at)) {
            return behind(text, "*/", at + 2);
        }
        return at + 1;
    }

    private static int behind(String text, String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length();
    }
}
