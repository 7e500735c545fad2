package terrane.core.catalog;

import java.util.List;

/// Which region a row belongs to: the number of the one expression that holds for it.
///
/// @param columns the partition columns, all of the primary key; empty for a table of one region
/// @param regions one expression for each region; empty for a table of one region. They cover
///   everything and overlap nowhere
public record PartitionRule(List<String> columns, List<PartitionExpr> regions) {
    /// One region that holds everything.
    public static final PartitionRule SINGLE = new PartitionRule(List.of(), List.of());

    public PartitionRule {
        columns = List.copyOf(columns);
        regions = List.copyOf(regions);
    }

    public int regionCount() {
        return Math.max(1, regions.size());
    }
}
