package terrane.metasrv.procedure;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.NodeRecord;
import terrane.core.lease.LeaseLedger;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which nodes can be counted on, and which are lost. A node is lost when another incarnation has
/// its peer id, when it said that it goes, or when it was silent for longer than its lease is
/// honoured and than can be explained ([Listening]): a connection that breaks and comes back is no
/// loss, and neither is what this metasrv could not hear.
final class Vitals {
    private final CatalogStore store;
    private final Orders orders;
    private final LeaseLedger ledger;
    private final Listening listening;
    private final Clock clock;

    /// Epochs that their holders gave up. Bounded by the regions: a newer one replaces it, and a
    /// region that is dropped leaves.
    private final ConcurrentHashMap<RegionId, Epoch> givenUp = new ConcurrentHashMap<>();

    Vitals(
            CatalogStore store,
            Orders orders,
            LeaseLedger ledger,
            Listening listening,
            Clock clock) {
        this.store = store;
        this.orders = orders;
        this.ledger = ledger;
        this.listening = listening;
        this.clock = clock;
    }

    void gaveUp(RegionId region, Epoch epoch) {
        givenUp.merge(region, epoch, (one, other) -> one.isAbove(other) ? one : other);
    }

    /// Forgets a region that is gone for good.
    void forget(RegionId region) {
        givenUp.remove(region);
    }

    /// Why the node is lost, if it is.
    Optional<String> lost(Node node) {
        boolean belongs =
                store.read(catalog -> catalog.registered(node))
                        && !store.read(catalog ->
                                catalog.node(node.peer()).filter(NodeRecord::left).isPresent());
        if (!belongs) {
            return Optional.of("node has left or was replaced: node=" + node);
        }
        boolean silent = ledger.lapsed(node, clock.nanos()) && !orders.alive(node);
        return silent && listening.suspects(node)
                ? Optional.of("node was silent for longer than its lease: node=" + node)
                : Optional.empty();
    }

    /// How long leases of the node may still be held, if it is heard no more.
    Duration untilLapsed(Node node) {
        return ledger.untilLapsed(node, clock.nanos());
    }

    /// Why the leader of that epoch leads no more, if so.
    Optional<String> leaderLost(RegionId region, Leadership.Led led) {
        return gaveUp(region, led).or(() -> lost(led.leader()));
    }

    /// Whether the leader said that it will never again acknowledge under its epoch.
    Optional<String> gaveUp(RegionId region, Leadership.Led led) {
        var last = givenUp.get(region);
        boolean gone = last != null && !led.epoch().isAbove(last);
        return gone || ledger.isFinal(region, led.epoch())
                ? Optional.of(
                        "leader gave up its epoch: node=%s epoch=%s"
                                .formatted(led.leader(), led.epoch()))
                : Optional.empty();
    }

    boolean alive(Node node) {
        return orders.alive(node);
    }

    /// The peer's incarnation, if it is alive and may lead.
    Optional<Node> fit(PeerId peer) {
        return store.read(
                        catalog -> catalog.node(peer).filter(NodeRecord::fit).map(NodeRecord::node))
                .filter(orders::alive);
    }

    /// How many nodes are alive and may lead.
    int fitCount() {
        return (int) store.read(RegionLoads::of).nodes().stream().filter(orders::alive).count();
    }

    /// Who is to lead a region that nobody leads: who has the least to do.
    ///
    /// @param avoid chosen only if there is nobody else
    /// @param given regions that were given away meanwhile
    Optional<Node> leastLoaded(Optional<Node> avoid, Map<Node, Integer> given) {
        var loads = store.read(RegionLoads::of);
        var alive = loads.nodes().stream().filter(orders::alive).toList();
        var others = alive.stream().filter(node -> !avoid.equals(Optional.of(node))).toList();
        return (others.isEmpty() ? alive : others)
                .stream()
                        .min(
                                Comparator.<Node>comparingInt(node ->
                                                loads.count(node) + given.getOrDefault(node, 0))
                                        .thenComparing(Node::peer));
    }
}
