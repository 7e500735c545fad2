package terrane.query.select;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The answer to a SELECT, whole and bounded.
///
/// A cell is what JSON shows: null, [Boolean], [Long], [java.math.BigInteger] (beyond a long, as an
/// unsigned 64-bit id may be), [Double] (finite; NaN and infinities, which JSON has not, are null)
/// or [String]. Timestamps are integers in the unit that their type names, as GreptimeDB's clients
/// expect.
///
/// @param rows each as long as `columns`
public record QueryResult(List<ResultColumn> columns, List<List<@Nullable Object>> rows) {
    /// The largest answer, as an estimate of its JSON: 64 MiB is a million rows of eight numbers;
    /// several of them at once still fit into a frontend of 1 GiB.
    public static final long BYTES_MAX = 64L << 20;

    /// @param type as GreptimeDB labels it, for example `Float64` or `TimestampMillisecond`
    public record ResultColumn(String name, String type) {}
}
