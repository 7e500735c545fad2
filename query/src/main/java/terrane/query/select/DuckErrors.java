package terrane.query.select;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.sql.SQLException;
import java.util.regex.Pattern;

/// DuckDB's complaints as ours: what kind of mistake it is, and its words without the excerpt of
/// the query, which is not the one that the user wrote.
final class DuckErrors {
    private static final Pattern EXCERPT = Pattern.compile("\\n+LINE \\d+:.*", Pattern.DOTALL);
    private static final Pattern KIND =
            Pattern.compile("^(?:[A-Za-z ]+ Error): ", Pattern.CASE_INSENSITIVE);

    /// DuckDB shows the names of our relations, which mean nothing to anybody.
    private static final Pattern RELATION =
            Pattern.compile("\"?temp\"?\\.\"?main\"?\\.|__terrane_\\d+\\.?");

    private DuckErrors() {}

    static TerraneException translated(SQLException e) {
        String whole = String.valueOf(e.getMessage());
        return new TerraneException.Rejected(code(whole), text(whole), e);
    }

    private static ErrorCode code(String message) {
        if (message.contains("not found in FROM clause")
                || message.contains("does not have a column named")) {
            return ErrorCode.COLUMN_NOT_FOUND;
        }
        if (message.startsWith("Catalog Error: Table with name")) {
            return ErrorCode.TABLE_NOT_FOUND;
        }
        if (message.startsWith("Out of Memory")) {
            return ErrorCode.TOO_LARGE;
        }
        if (message.startsWith("INTERRUPT")) {
            return ErrorCode.TIMED_OUT;
        }
        if (message.startsWith("Permission Error")) {
            return ErrorCode.UNSUPPORTED;
        }
        if (message.startsWith("INTERNAL") || message.startsWith("FATAL")) {
            return ErrorCode.INTERNAL;
        }
        return ErrorCode.INVALID_SQL;
    }

    private static String text(String message) {
        if (message.startsWith("Out of Memory")) {
            return "the query needs more memory than there is; ask for less time or fewer columns";
        }
        String text = EXCERPT.matcher(message).replaceAll("");
        text = KIND.matcher(text).replaceFirst("");
        return RELATION.matcher(text).replaceAll("").strip().replace("\n", "; ");
    }
}
