package terrane.frontend.lineprotocol;

import terrane.core.rows.RowBatch;

import java.util.List;

/// What one request has to say about one measurement.
///
/// @param columns in the order in which they came
/// @param batches in the order of the lines; none is empty
public record Points(String measurement, List<PointColumn> columns, List<Lines> batches) {
    /// The provisional id of the time, in nanoseconds since 1970; columns count from 1.
    static final int TIME_ID = 0;

    public Points {
        columns = List.copyOf(columns);
        batches = List.copyOf(batches);
    }

    public long rowCount() {
        return batches.stream().mapToLong(lines -> lines.rows().rowCount()).sum();
    }

    /// A tag or a field.
    ///
    /// @param id the provisional id in the batches, from 1
    /// @param line where it was first named
    public record PointColumn(int id, String name, Kind kind, int line) {}

    /// Some rows, under provisional ids.
    ///
    /// @param numbers the number of the line of each row
    public record Lines(RowBatch rows, int[] numbers) {}
}
