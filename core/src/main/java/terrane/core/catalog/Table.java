package terrane.core.catalog;

import terrane.core.RegionId;
import terrane.core.TableId;

import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;

/// A table: its columns now, how it is cut into regions, and what its creator asked for.
///
/// @param options as written in `WITH (…)`, validated before the table was made
public record Table(
        TableId id,
        TableName name,
        TableSchema schema,
        PartitionRule partitions,
        SortedMap<String, String> options) {

    /// The table's regions in order of their numbers.
    public List<RegionId> regions() {
        return IntStream.range(0, partitions.regionCount()).mapToObj(id::region).toList();
    }
}
