package terrane.metasrv.client;

import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.NodeRecord;
import terrane.core.catalog.RegionRecord;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Chooses who leads the regions of a new table: each time whoever has the fewest.
final class Placements {
    private final CatalogStore store;
    private final Orders orders;
    private final Randomness randomness;

    Placements(CatalogStore store, Orders orders, Randomness randomness) {
        this.store = store;
        this.orders = orders;
        this.randomness = randomness;
    }

    /// @throws TerraneException.Unavailable if no datanode is alive
    List<Change.Placement> choose(int regions) {
        var fit =
                store.read(catalog ->
                        catalog.nodes().stream()
                                .filter(NodeRecord::fit)
                                .map(NodeRecord::node)
                                .toList());
        var alive = fit.stream().filter(orders::alive).toList();
        if (alive.isEmpty()) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY, "no datanode is alive: registered=%d", fit.size());
        }
        var loads = store.read(Placements::loads);
        var placements = new ArrayList<Change.Placement>();
        for (int i = 0; i < regions; i++) {
            var node =
                    alive.stream()
                            .min(
                                    Comparator.comparing(
                                                    (Node each) -> loads.getOrDefault(each, 0L))
                                            .thenComparing(Node::peer))
                            .orElseThrow();
            loads.merge(node, 1L, Long::sum);
            placements.add(new Change.Placement(ProcedureId.random(randomness), node));
        }
        return placements;
    }

    private static Map<Node, Long> loads(Catalog catalog) {
        return catalog.regions().stream()
                .collect(Collectors.groupingBy(Placements::next, Collectors.counting()));
    }

    private static Node next(RegionRecord region) {
        return switch (region.leadership()) {
            case Leadership.Led led -> led.leader();
            case Leadership.HandingOver h -> h.target();
            case Leadership.Reclaiming r -> r.claimant();
        };
    }
}
