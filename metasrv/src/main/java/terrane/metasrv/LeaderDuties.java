package terrane.metasrv;

import terrane.core.ClusterId;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.lease.LeaseLedger;
import terrane.core.lease.LeaseTerms;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.metasrv.client.ClientService;
import terrane.metasrv.client.NodeList;
import terrane.metasrv.node.FlushedOffsets;
import terrane.metasrv.node.NodeService;
import terrane.metasrv.node.RegionNews;
import terrane.metasrv.node.Registry;
import terrane.metasrv.node.StoppedCopies;
import terrane.metasrv.node.StorageProbe;
import terrane.metasrv.node.StorageProofs;
import terrane.metasrv.procedure.MigrationRequests;
import terrane.metasrv.procedure.Perseverance;
import terrane.metasrv.procedure.Procedures;
import terrane.metasrv.raft.CatalogStore;
import terrane.metasrv.wal.Pruning;
import terrane.metasrv.wal.WalTopics;

import java.lang.System.Logger.Level;
import java.util.List;

/// Everything that a metasrv does only while it leads, for one leadership: made when it begins and
/// closed when it ends, so that nothing is carried over.
public final class LeaderDuties implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LeaderDuties.class.getName());

    private final long term;
    private final CatalogStore store;
    private final Outside outside;
    private final LeaseLedger ledger;
    private final Registry registry;
    private final RegionNews news;
    private final Procedures procedures;
    private final MigrationRequests migrations;
    private final NodeService nodes;
    private final ClientService clients;
    private final Perseverance perseverance;
    private final List<Thread> threads;

    /// What a leader needs that is not its own.
    ///
    /// @param leases that it grants
    public record Outside(
            Leases leases, StorageProbe storage, WalTopics topics, NodeList.Metasrvs metasrvs) {}

    private LeaderDuties(
            long term,
            CatalogStore store,
            Outside outside,
            LeaseLedger ledger,
            Clock clock,
            Randomness randomness) {
        this.term = term;
        this.store = store;
        this.outside = outside;
        this.ledger = ledger;
        registry =
                new Registry(
                        store, ledger, new StorageProofs(outside.storage(), randomness), clock);
        news = new RegionNews(new FlushedOffsets(store, clock), new StoppedCopies());
        procedures =
                new Procedures(
                        store, registry, ledger, outside.leases().suspicious(), clock, randomness);
        registry.tell(procedures.failures());
        migrations = new MigrationRequests(store, registry, procedures, clock, randomness);
        nodes = new NodeService(store, ledger, registry, news, procedures.failures(), clock);
        clients =
                new ClientService(
                        store, registry, news, migrations, outside.metasrvs(), clock, randomness);
        var pruning = new Pruning(store, outside.topics(), clock);
        procedures.start();
        perseverance = new Perseverance(clock);
        threads =
                List.of(
                        Threads.virtual(
                                "flushed-offsets", () -> perseverance.run(news.flushed()::run)),
                        Threads.virtual("wal-topics", () -> perseverance.run(this::prepareWal)),
                        Threads.virtual("wal-pruning", () -> perseverance.run(pruning::run)));
    }

    /// Makes what is needed before anything may be granted: the cluster's id, and the longest lease
    /// in the log. Blocks for two entries of it at most.
    ///
    /// @throws TerraneException.NotLeader if the leadership is over already
    /// @throws TerraneException.Uncertain likewise, perhaps
    static LeaderDuties begin(
            long term, CatalogStore store, Outside outside, Clock clock, Randomness randomness)
            throws InterruptedException {
        // Whoever led before granted nothing after this moment.
        long since = clock.nanos();
        var longestBefore = store.read(Catalog::longestLease);
        if (store.read(Catalog::cluster).isEmpty()) {
            store.commit(new Change.Initialize(ClusterId.random(randomness)));
        }
        var lease = outside.leases().duration();
        if (lease.compareTo(longestBefore) > 0) {
            store.commit(new Change.RaiseLongestLease(lease));
        }
        var ledger = new LeaseLedger(new LeaseTerms(lease), longestBefore, since);
        return new LeaderDuties(term, store, outside, ledger, clock, randomness);
    }

    /// The Raft term of this leadership.
    public long term() {
        return term;
    }

    public LeaseLedger ledger() {
        return ledger;
    }

    public Registry registry() {
        return registry;
    }

    public FlushedOffsets flushed() {
        return news.flushed();
    }

    public Procedures procedures() {
        return procedures;
    }

    public MigrationRequests migrations() {
        return migrations;
    }

    public NodeService nodes() {
        return nodes;
    }

    public ClientService clients() {
        return clients;
    }

    private void prepareWal() throws InterruptedException {
        var cluster = store.read(Catalog::cluster).orElseThrow();
        var partitions = outside.topics().prepare(cluster);
        if (!store.read(Catalog::walPartitions).equals(partitions)) {
            store.commit(new Change.ConfigureWal(partitions));
            LOG.log(Level.INFO, "wal is ready: partitions={0}", partitions);
        }
    }

    @Override
    public void close() {
        perseverance.end();
        procedures.close();
        threads.forEach(Thread::interrupt);
    }
}
