package terrane.sim.history;

import java.util.List;

/// One write with all its retries.
///
/// @param session whose writes and reads follow one another
public record Write(int session, Span span, Outcome outcome, List<Row> rows) {
    public Write {
        rows = List.copyOf(rows);
    }
}
