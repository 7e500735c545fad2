package terrane.metasrv.procedure;

import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Procedure.Altering;
import terrane.core.catalog.RegionRecord;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.datanode.Order;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;

/// Gives a table's new schema to the leader of each of its regions, who writes it into the log. A
/// region that is moving waits for its next leader. The catalog shows the schema when all have it.
final class AlterDriver {
    private static final System.Logger LOG = System.getLogger(AlterDriver.class.getName());
    private static final Duration ORDER_MAX = Duration.ofSeconds(10);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(100);

    private final CatalogStore store;
    private final Orders orders;
    private final Clock clock;

    AlterDriver(CatalogStore store, Orders orders, Clock clock) {
        this.store = store;
        this.orders = orders;
        this.clock = clock;
    }

    /// Runs until every region has the schema, or the table was dropped.
    void run(ProcedureId id) throws InterruptedException {
        var told = new TreeSet<RegionId>();
        while (true) {
            var altering = load(id);
            if (altering.isEmpty()) {
                return;
            }
            var regions = store.read(catalog -> catalog.regions(altering.get().table()));
            for (var region : regions) {
                if (!told.contains(region.id()) && tell(region, altering.get())) {
                    told.add(region.id());
                }
            }
            if (told.size() >= regions.size()) {
                var applied = store.commit(new Change.AlterDone(id, clock.now()));
                if (applied instanceof Applied.Done) {
                    return;
                }
            }
            clock.sleep(AGAIN_AFTER);
        }
    }

    private Optional<Altering> load(ProcedureId id) {
        return store.read(catalog ->
                catalog.procedure(id)
                        .filter(Altering.class::isInstance)
                        .map(Altering.class::cast)
                        .filter(altering -> !altering.finished()));
    }

    private boolean tell(RegionRecord region, Altering altering) throws InterruptedException {
        if (!(region.leadership() instanceof Leadership.Led led)) {
            return false;
        }
        try {
            orders.order(
                    led.leader(),
                    new Order.Alter(region.id(), led.epoch(), altering.schema()),
                    ORDER_MAX);
            return true;
        } catch (TerraneException e) {
            LOG.log(Level.INFO, "alter again region={0} {1}", region.id(), e.text());
            return false;
        }
    }
}
