package terrane.metasrv.procedure;

import terrane.core.Node;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.NodeRecord;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many regions each fit node leads or is about to lead.
///
/// @param nodes those that may lead as far as the catalog knows
record RegionLoads(List<Node> nodes, Map<Node, Integer> regions) {
    static RegionLoads of(Catalog catalog) {
        var regions = new HashMap<Node, Integer>();
        for (var region : catalog.regions()) {
            var leader =
                    switch (region.leadership()) {
                        case Leadership.Led led -> led.leader();
                        case Leadership.HandingOver h -> h.target();
                        case Leadership.Reclaiming r -> r.claimant();
                    };
            regions.merge(leader, 1, Integer::sum);
        }
        var nodes = catalog.nodes().stream().filter(NodeRecord::fit).map(NodeRecord::node).toList();
        return new RegionLoads(nodes, Map.copyOf(regions));
    }

    int count(Node node) {
        return regions.getOrDefault(node, 0);
    }
}
