package terrane.metasrv.procedure;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Procedure;
import terrane.core.lease.LeaseLedger;
import terrane.core.lease.Suspicion;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.metasrv.node.FailureWatcher;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Runs every procedure that the catalog says is not finished, each on a virtual thread of its own,
/// and starts failovers. Lives for one leadership: started when this metasrv leads, closed when it
/// does not. Whoever commits a procedure need not tell anybody.
public final class Procedures implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Procedures.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final CatalogStore store;
    private final Perseverance perseverance;
    private final Listening listening;
    private final Followers followers;
    private final Watch watch;
    private final Quarantine quarantine;
    private final Failover failover;
    private final MigrationDriver migrations;
    private final AlterDriver alters;
    private final DropDriver drops;

    /// As many as procedures are not finished, which the number of regions bounds.
    private final ConcurrentHashMap<ProcedureId, Thread> running = new ConcurrentHashMap<>();

    private @Nullable Thread supervisor;
    private @Nullable Thread watcher;
    private @Nullable Thread asker;

    /// @param ledger of this leadership
    /// @param suspicious which silence is
    public Procedures(
            CatalogStore store,
            Orders orders,
            LeaseLedger ledger,
            Suspicion.Parameters suspicious,
            Clock clock,
            Randomness randomness) {
        this.store = store;
        perseverance = new Perseverance(clock);
        listening = new Listening(suspicious, ledger.terms(), clock);
        var vitals = new Vitals(store, orders, ledger, listening, clock);
        followers = new Followers(store, orders, vitals, clock);
        var selector = new Selector(store, vitals, followers, clock);
        watch = new Watch(store, vitals, selector, clock);
        failover = new Failover(store, vitals, followers, listening, clock, randomness);
        alters = new AlterDriver(store, orders, clock);
        drops = new DropDriver(store, orders, ledger, vitals, clock);
        var asking = new Asking(orders, clock);
        var freshener = new LeaseFreshener(orders, ledger, clock);
        var reclaim =
                new ReclaimDuty(
                        store, asking, ledger, watch, new Closings(store, orders), selector, clock);
        quarantine = reclaim.quarantine();
        var duties =
                new OrderedDuties(
                        new FollowDuty(store, asking, watch, selector, freshener, clock),
                        new HandoverDuty(store, orders, freshener, vitals, selector, clock),
                        reclaim,
                        new Tidying(store, orders, vitals, clock));
        migrations = new MigrationDriver(store, duties, clock);
    }

    /// Begins to run what is not finished, and to watch for what is lost.
    public synchronized void start() {
        if (supervisor == null && !perseverance.isOver()) {
            supervisor = Threads.virtual("procedures", () -> perseverance.run(this::supervise));
            watcher = Threads.virtual("failover", () -> perseverance.run(failover::watch));
            asker = Threads.virtual("followers", () -> perseverance.run(followers::run));
        }
    }

    /// To be told of what happens to nodes.
    public FailureWatcher failures() {
        return failover;
    }

    /// How suspicious the silence of each datanode is that this leader has heard or waits for.
    public Map<PeerId, Double> phi() {
        return listening.phi();
    }

    /// Who follows regions, ready to take them over.
    public Followers followers() {
        return followers;
    }

    /// Regions that wait at a record that cannot be read.
    Quarantine quarantine() {
        return quarantine;
    }

    /// What runs one migration, for whoever wants to wait for it.
    MigrationDriver migrations() {
        return migrations;
    }

    /// Looks once whether any region's leader is gone.
    void lookForLosses() throws InterruptedException {
        failover.lookOnce();
    }

    @Override
    public synchronized void close() {
        perseverance.end();
        if (supervisor != null) {
            supervisor.interrupt();
        }
        if (watcher != null) {
            watcher.interrupt();
        }
        if (asker != null) {
            asker.interrupt();
        }
        running.values().forEach(Thread::interrupt);
    }

    private void supervise() throws InterruptedException {
        while (!perseverance.isOver()) {
            long version = store.read(Catalog::version);
            if (store.leadingTerm().isPresent()) {
                store.read(Procedures::unfinished).forEach(this::drive);
            }
            store.awaitChange(version, LOOK_EVERY);
        }
    }

    private static List<Procedure> unfinished(Catalog catalog) {
        return catalog.procedures().stream()
                .filter(procedure -> !procedure.finished() || catalog.pinned(procedure.id()))
                .toList();
    }

    private void drive(Procedure procedure) {
        var id = procedure.id();
        if (running.containsKey(id) || perseverance.isOver()) {
            return;
        }
        // Entered before it starts, so that it cannot end before it is entered.
        var thread = Thread.ofVirtual().name("procedure-" + id).unstarted(() -> run(procedure));
        running.put(id, thread);
        thread.start();
        if (perseverance.isOver()) {
            thread.interrupt();
        }
    }

    private void run(Procedure procedure) {
        var id = procedure.id();
        try {
            perseverance.run(() -> {
                switch (procedure) {
                    case Procedure.Migrating _ -> migrate(id);
                    case Procedure.Altering _ -> alters.run(id);
                    case Procedure.Dropping _ -> drops.run(id);
                }
            });
        } finally {
            watch.forget(id);
            running.remove(id);
        }
    }

    private void migrate(ProcedureId id) throws InterruptedException {
        try {
            var finished = migrations.run(id);
            LOG.log(Level.INFO, "finished procedure={0} state={1}", id, finished);
        } catch (TerraneException.Rejected e) {
            // The region is gone because its table was dropped, which has ended the procedure too.
            boolean over =
                    store.read(
                            catalog -> catalog.procedure(id).map(Procedure::finished).orElse(true));
            if (!over || e.code() != ErrorCode.REGION_NOT_FOUND) {
                throw e;
            }
        }
    }
}
