package terrane.metasrv.procedure;

import terrane.core.Node;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership.Led;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.datanode.Order;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is left after the end of a migration. The pin is let go last, so that its being there says
/// that something may be left to do.
final class Tidying {
    private static final System.Logger LOG = System.getLogger(Tidying.class.getName());
    private static final Duration ORDER_MAX = Duration.ofSeconds(5);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(200);

    private final CatalogStore store;
    private final Orders orders;
    private final Vitals vitals;
    private final Clock clock;

    Tidying(CatalogStore store, Orders orders, Vitals vitals, Clock clock) {
        this.store = store;
        this.orders = orders;
        this.vitals = vitals;
        this.clock = clock;
    }

    /// @param leader who leads now, under which epoch
    /// @param losers whose copy is to go
    private record Left(Led leader, List<Node> losers) {}

    void tidyUp(Migrating held) throws InterruptedException {
        if (!store.read(catalog -> catalog.pinned(held.id()))) {
            return;
        }
        var left = store.read(catalog -> left(catalog, held));
        // Without a leader another procedure has the region, which thaws by making one lead.
        if (left.isPresent()) {
            var led = left.get().leader();
            var region = held.plan().region();
            repeat(led.leader(), new Order.Thaw(held.id(), region, led.epoch()));
            for (var loser : left.get().losers()) {
                repeat(loser, new Order.Close(held.id(), region, led.epoch()));
            }
        }
        store.commit(new Change.Unpin(held.id()));
    }

    private static Optional<Left> left(Catalog catalog, Migrating held) {
        var region = catalog.region(held.plan().region());
        if (region.isEmpty() || !(region.get().leadership() instanceof Led led)) {
            return Optional.empty();
        }
        var losers =
                Stream.concat(held.plan().source().stream(), Stream.of(held.plan().target()))
                        .flatMap(peer -> catalog.node(peer).stream())
                        .map(record -> record.node())
                        .filter(node -> !node.equals(led.leader()))
                        .toList();
        return Optional.of(new Left(led, losers));
    }

    /// Until the node has done it, will not, or is gone.
    private void repeat(Node node, Order<?> order) throws InterruptedException {
        while (vitals.lost(node).isEmpty()) {
            try {
                orders.order(node, order, ORDER_MAX);
                return;
            } catch (TerraneException.Unavailable | TerraneException.Uncertain e) {
                clock.sleep(AGAIN_AFTER);
            } catch (TerraneException e) {
                LOG.log(
                        Level.INFO,
                        "nothing to tidy node={0} order={1} {2}",
                        node,
                        order,
                        e.text());
                return;
            }
        }
    }
}
