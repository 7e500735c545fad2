package terrane.query.select;

import java.util.List;

/// A SELECT made ready: what to fetch, and what to run over it.
///
/// @param sql the query with every table replaced by the relation of its scan
/// @param scans of tables, each under a relation of its own
/// @param virtual of `information_schema`
public record SelectPlan(String sql, List<TableScan> scans, List<VirtualScan> virtual) {
    public SelectPlan {
        scans = List.copyOf(scans);
        virtual = List.copyOf(virtual);
    }

    /// One table of `information_schema`, all of it.
    public record VirtualScan(VirtualTable table, String relation) {}
}
