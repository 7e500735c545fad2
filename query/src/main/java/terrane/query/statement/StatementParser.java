package terrane.query.statement;

import terrane.core.catalog.TableName;

import java.util.List;

/// Reads statements, several if they are separated by semicolons.
@SuppressWarnings("DoNotCallSuggester")
public final class StatementParser {
    /// The longest text that is read, 4 MiB: an INSERT of 65,536 rows of 60 characters, or 40,000
    /// of the TSBS shape; above it, line protocol is the better way in.
    public static final int TEXT_CHARS_MAX = 4 << 20;

    private StatementParser() {}

    /// Parses in the default schema.
    public static List<Statement> parse(String sql) {
        return parse(sql, TableName.SCHEMA);
    }

    /// @param schema where unqualified table names belong
    /// @return what was found, in order; empty for a text of comments and semicolons
    /// @throws terrane.core.TerraneException.Rejected if it cannot be read, naming line and column
    public static List<Statement> parse(String sql, String schema) {
        throw new UnsupportedOperationException("being written: " + sql.length() + schema);
    }
}
