package terrane.metasrv.procedure;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.NodeRecord;
import terrane.core.catalog.Procedure.Migrating;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.datanode.Order;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Has those who may still hold a lower epoch say that it is final, so that reclaiming need not
/// wait for their leases. Nothing rests on it: whoever is not reached is waited for.
final class Closings {
    private static final System.Logger LOG = System.getLogger(Closings.class.getName());

    /// A copy is closed within milliseconds; a node that takes longer is waited for as if it were
    /// silent.
    private static final Duration ORDER_MAX = Duration.ofMillis(500);

    private final CatalogStore store;
    private final Orders orders;

    Closings(CatalogStore store, Orders orders) {
        this.store = store;
        this.orders = orders;
    }

    /// @param epoch under which the region is reclaimed: what leads under a lower one is to close
    void close(Migrating held, Epoch epoch) throws InterruptedException {
        for (var node : store.read(catalog -> involved(catalog, held))) {
            if (orders.alive(node)) {
                close(node, new Order.Close(held.id(), held.plan().region(), epoch));
            }
        }
    }

    private static List<Node> involved(Catalog catalog, Migrating held) {
        return Stream.concat(held.plan().source().stream(), Stream.of(held.plan().target()))
                .flatMap(peer -> catalog.node(peer).stream())
                .map(NodeRecord::node)
                .toList();
    }

    private void close(Node node, Order.Close order) throws InterruptedException {
        try {
            orders.order(node, order, ORDER_MAX);
        } catch (TerraneException e) {
            LOG.log(Level.DEBUG, "not closed node={0} order={1} {2}", node, order, e.text());
        }
    }
}
