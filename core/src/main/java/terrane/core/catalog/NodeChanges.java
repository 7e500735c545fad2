package terrane.core.catalog;

import terrane.core.ErrorCode;
import terrane.core.Node;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// How the cluster itself and its nodes change.
final class NodeChanges {
    private NodeChanges() {}

    static Applied initialize(Catalog catalog, Change.Initialize change) {
        if (catalog.cluster.isPresent()) {
            return catalog.done();
        }
        catalog.cluster = Optional.of(change.cluster());
        return catalog.changed();
    }

    static Applied configureWal(Catalog catalog, Change.ConfigureWal change) {
        if (change.partitions().isEmpty()) {
            return new Applied.Refused(ErrorCode.WAL_UNFIT, "no wal partition is configured");
        }
        catalog.walPartitions = change.partitions();
        return catalog.changed();
    }

    static Applied register(Catalog catalog, Change.RegisterNode change) {
        var node = change.node();
        var known = catalog.node(node.peer());
        if (known.isPresent() && known.get().node().equals(node)) {
            return known.get().left() ? refused(node, "has left; start it again") : catalog.done();
        }
        if (known.isPresent() && known.get().superseded().contains(node.incarnation())) {
            return refused(node, "was replaced by another process; start it again");
        }
        if (!known.map(NodeRecord::node).equals(change.replaced())) {
            return new Applied.Stale("the peer id belongs to another node by now: node=" + node);
        }
        var record =
                new NodeRecord(
                        node,
                        change.rpc(),
                        change.http(),
                        change.version(),
                        change.started(),
                        false,
                        false,
                        known.map(NodeRecord::andThisOne).orElse(List.of()));
        catalog.nodes.put(node.peer(), record);
        if (known.isPresent() && !known.get().rpc().equals(change.rpc())) {
            touchRoutesOf(catalog, node);
        }
        return catalog.changed();
    }

    /// A route names the peer's address, so that it changes with it.
    private static void touchRoutesOf(Catalog catalog, Node node) {
        catalog.regions.values().stream()
                .filter(region -> shownLeader(region).equals(Optional.of(node.peer())))
                .map(region -> region.id().table())
                .distinct()
                .forEach(catalog::touchRoute);
    }

    private static Optional<terrane.core.PeerId> shownLeader(RegionRecord region) {
        return switch (region.leadership()) {
            case Leadership.Led led -> Optional.of(led.leader().peer());
            case Leadership.HandingOver h -> Optional.of(h.source().peer());
            case Leadership.Reclaiming _ -> Optional.empty();
        };
    }

    static Applied left(Catalog catalog, Change.NodeLeft change) {
        return update(catalog, change.node(), NodeRecord::gone);
    }

    static Applied storageProven(Catalog catalog, Change.StorageProven change) {
        return update(catalog, change.node(), NodeRecord::proven);
    }

    private static Applied update(Catalog catalog, Node node, UnaryOperator<NodeRecord> update) {
        var known = catalog.node(node.peer());
        if (known.isEmpty() || !known.get().node().equals(node)) {
            return new Applied.Stale("not registered: node=" + node);
        }
        catalog.nodes.put(node.peer(), update.apply(known.get()));
        return catalog.changed();
    }

    static Applied raiseLongestLease(Catalog catalog, Change.RaiseLongestLease change) {
        if (change.lease().compareTo(catalog.longestLease) > 0) {
            catalog.longestLease = change.lease();
        }
        return catalog.changed();
    }

    private static Applied refused(Node node, String why) {
        return new Applied.Refused(ErrorCode.PEER_UNFIT, "node=%s %s".formatted(node, why));
    }
}
