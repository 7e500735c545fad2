package terrane.metasrv.procedure;

import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Procedure.Dropping;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.catalog.RegionRecord;
import terrane.core.lease.LeaseLedger;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.datanode.Order;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Deletes what a dropped table leaves behind. The catalog names none of its regions any more, so
/// no lease is renewed; once all have lapsed, those who had a copy close it and delete the files.
final class DropDriver {
    private static final System.Logger LOG = System.getLogger(DropDriver.class.getName());
    private static final Duration ORDER_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final CatalogStore store;
    private final Orders orders;
    private final LeaseLedger ledger;
    private final Vitals vitals;
    private final Clock clock;

    DropDriver(CatalogStore store, Orders orders, LeaseLedger ledger, Vitals vitals, Clock clock) {
        this.store = store;
        this.orders = orders;
        this.ledger = ledger;
        this.vitals = vitals;
        this.clock = clock;
    }

    /// Runs until the files of every region are deleted.
    void run(ProcedureId id) throws InterruptedException {
        var dropping = load(id);
        if (dropping.isEmpty()) {
            return;
        }
        for (var region : dropping.get().regions()) {
            awaitLapsed(region);
            drop(region);
            ledger.forget(region.id());
            vitals.forget(region.id());
        }
        store.commit(new Change.TableGone(id, clock.now()));
    }

    private Optional<Dropping> load(ProcedureId id) {
        return store.read(catalog ->
                catalog.procedure(id)
                        .filter(Dropping.class::isInstance)
                        .map(Dropping.class::cast)
                        .filter(dropping -> !dropping.finished()));
    }

    private void awaitLapsed(RegionRecord region) throws InterruptedException {
        var below = region.lastEpoch().next();
        while (!ledger.lapsed(region.id(), below, clock.nanos())) {
            var left = ledger.untilLapsed(region.id(), below, clock.nanos());
            clock.sleep(left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY);
        }
    }

    /// Everybody who may have a copy is told, so that none is left open; if all of them are gone,
    /// somebody else deletes the files.
    private void drop(RegionRecord region) throws InterruptedException {
        boolean deleted = false;
        for (var node : store.read(catalog -> holders(catalog, region))) {
            deleted |= tell(node, region);
        }
        while (!deleted) {
            var anybody = vitals.leastLoaded(Optional.empty(), Map.of());
            deleted = anybody.isPresent() && tell(anybody.get(), region);
            if (!deleted) {
                clock.sleep(LOOK_EVERY);
            }
        }
    }

    private static Set<Node> holders(Catalog catalog, RegionRecord region) {
        var holders = new LinkedHashSet<Node>();
        holders.addAll(
                switch (region.leadership()) {
                    case Leadership.Led led -> List.of(led.leader());
                    case Leadership.HandingOver h -> List.of(h.source(), h.target());
                    case Leadership.Reclaiming r -> List.of(r.claimant());
                });
        region.procedure()
                .flatMap(catalog::procedure)
                .filter(Migrating.class::isInstance)
                .map(procedure -> ((Migrating) procedure).plan().target())
                .flatMap(catalog::node)
                .ifPresent(record -> holders.add(record.node()));
        return holders;
    }

    /// @return whether the node has done it; false if it is gone or will not
    private boolean tell(Node node, RegionRecord region) throws InterruptedException {
        while (vitals.lost(node).isEmpty()) {
            try {
                orders.order(node, new Order.Drop(region.id()), ORDER_MAX);
                return true;
            } catch (TerraneException.Unavailable | TerraneException.Uncertain e) {
                clock.sleep(LOOK_EVERY);
            } catch (TerraneException e) {
                LOG.log(
                        Level.WARNING,
                        "cannot drop region={0} node={1} {2}",
                        region.id(),
                        node,
                        e.text());
                return false;
            }
        }
        return false;
    }
}
