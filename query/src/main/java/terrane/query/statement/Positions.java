package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

/// Says where in a text something is wrong.
public final class Positions {
    private Positions() {}

    /// @param offset in characters from 0
    /// @return a message that begins with line and column, both from 1
    public static TerraneException.Rejected rejected(
            String sql, int offset, ErrorCode code, String message) {
        return new TerraneException.Rejected(code, of(sql, offset) + ": " + message, null);
    }

    /// `line 3, column 14`, both from 1.
    public static String of(String sql, int offset) {
        int end = Math.min(offset, sql.length());
        int line = 1;
        int begin = 0;
        for (int at = sql.indexOf('\n'); at >= 0 && at < end; at = sql.indexOf('\n', at + 1)) {
            line++;
            begin = at + 1;
        }
        return "line " + line + ", column " + (sql.codePointCount(begin, end) + 1);
    }
}
