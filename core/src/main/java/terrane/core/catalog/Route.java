package terrane.core.catalog;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TableId;

import java.util.List;
import java.util.Optional;

/// Who leads the regions of one table.
///
/// @param version grows with every change
public record Route(TableId table, long version, List<RegionRoute> regions) {
    public Route {
        regions = List.copyOf(regions);
    }

    /// @param leader empty while nobody leads; during a handover still the source
    /// @param handingOver whether the leader is being replaced at this moment
    public record RegionRoute(
            RegionId region, Epoch epoch, Optional<Leader> leader, boolean handingOver) {}

    /// @param address the datanode's RPC address, as it advertises it
    public record Leader(Node node, Address address) {}
}
