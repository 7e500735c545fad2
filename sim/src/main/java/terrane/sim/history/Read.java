package terrane.sim.history;

import java.util.List;

/// One read that was answered.
public record Read(int session, Span span, Scope scope, List<Row> rows) {
    public Read {
        rows = List.copyOf(rows);
    }
}
