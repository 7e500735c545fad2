package terrane.query.statement;

import terrane.core.catalog.ColumnType;

import java.time.Instant;

/// Fits constants to columns, or says why they do not fit.
@SuppressWarnings("DoNotCallSuggester")
public final class Literals {
    private Literals() {}

    /// Timestamps may be given as integers in the column's unit or as ISO text (UTC unless an
    /// offset is written).
    ///
    /// @param now what `now()` stands for
    /// @throws terrane.core.TerraneException.Rejected with `TYPE_MISMATCH`
    public static Cell toColumn(Value value, ColumnType type, Instant now) {
        throw new UnsupportedOperationException("being written: " + value + type + now);
    }
}
