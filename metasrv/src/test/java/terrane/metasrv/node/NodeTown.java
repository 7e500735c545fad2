package terrane.metasrv.node;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.WalPartition;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Change;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Measured;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.lease.LeaseLedger;
import terrane.core.lease.LeaseTerms;
import terrane.core.migration.MigrationState;
import terrane.metasrv.raft.LoneCatalogStore;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.metasrv.NodeRequest.RegionEpoch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/// One leadership with a table of one region, led by Alice under epoch 1, and a clock by hand.
final class NodeTown implements FailureWatcher {
    static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(3));
    static final Node ALICE = node(0, 1);
    static final Node BOB = node(1, 2);
    static final RegionId REGION = TableId.FIRST.region(0);
    static final Epoch ONE = new Epoch(1);
    private static final ProcedureId FIRST = new ProcedureId(new UUID(0, 1));

    final HandClock clock = new HandClock();
    final LoneCatalogStore store = new LoneCatalogStore(clock);
    final List<String> told = new ArrayList<>();
    final LeaseLedger ledger = new LeaseLedger(TERMS, Duration.ZERO, clock.nanos());
    final RegionNews news = new RegionNews(new FlushedOffsets(store, clock), new StoppedCopies());
    final Registry registry =
            new Registry(store, ledger, new StorageProofs(new NoProbe(), () -> 5), clock);
    final NodeService service = new NodeService(store, ledger, registry, news, this, clock);

    NodeTown() throws InterruptedException {
        registry.tell(this);
        clock.pass(Duration.ofSeconds(1));
        commit(new Change.Initialize(new ClusterId(new UUID(1, 2))));
        commit(new Change.ConfigureWal(List.of(new WalPartition("wal", 0))));
        for (var node : List.of(ALICE, BOB)) {
            register(node);
            commit(new Change.StorageProven(node));
        }
        store.commit(
                new Change.CreateTable(
                        TableName.of("cpu"),
                        schema(),
                        PartitionRule.SINGLE,
                        new TreeMap<>(),
                        List.of(new Change.Placement(FIRST, ALICE)),
                        clock.now()));
        save(FIRST, 1, new MigrationState.Completed());
    }

    static Node node(long peer, long incarnation) {
        return new Node(new PeerId(peer), new Incarnation(incarnation, incarnation));
    }

    private static TableSchema schema() {
        var type = ColumnType.TIMESTAMP_MILLISECOND;
        var time = new Column(1, "ts", type, Column.Semantic.TIMESTAMP, false);
        return new TableSchema(1, List.of(time), MergeMode.LAST_ROW);
    }

    void save(ProcedureId id, long expected, MigrationState state) {
        commit(new Change.SaveMigration(id, expected, state, Measured.NOTHING, clock.now()));
    }

    void commit(Change change) {
        var applied = store.commit(change);
        if (!(applied instanceof Applied.Done)) {
            throw new AssertionError(change + ": " + applied);
        }
    }

    NodeRequest.Registered register(Node node) throws InterruptedException {
        var address = new Address("127.0.0.1", 4101);
        return registry.register(
                new NodeRequest.Register(node, address, address, "test"), new Mute());
    }

    /// A heartbeat that names the whole set.
    NodeRequest.HeartbeatAnswer beat(Node node, long number, RegionEpoch... wanted)
            throws InterruptedException {
        return beat(node, number, 0, number, List.of(wanted), List.of());
    }

    NodeRequest.HeartbeatAnswer beat(
            Node node,
            long number,
            long base,
            long version,
            List<RegionEpoch> added,
            List<RegionEpoch> finals)
            throws InterruptedException {
        return service.heartbeat(
                new NodeRequest.Heartbeat(
                        node,
                        number,
                        base,
                        version,
                        added,
                        List.of(),
                        finals,
                        List.of(),
                        List.of(),
                        new NodeRequest.Load(0, 0)));
    }

    static RegionEpoch lease(long epoch) {
        return new RegionEpoch(REGION, new Epoch(epoch));
    }

    @Override
    public void arrived(Node node) {
        told.add("arrived " + node);
    }

    @Override
    public void heartbeat(Node node, long nanos) {}

    @Override
    public void disconnected(Node node) {
        told.add("disconnected " + node);
    }

    @Override
    public void left(Node node) {
        told.add("left " + node);
    }

    @Override
    public void gaveUp(Node node, RegionId region, Epoch epoch, String reason) {
        told.add("gave up " + node + " " + epoch);
    }

    /// A connection that stays open and takes no orders.
    private record Mute() implements NodeLink {
        @Override
        public <R extends Reply> R call(Order<R> order, Duration atMost) {
            throw new UnsupportedOperationException(order.toString());
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void onClosed(Runnable task) {}
    }

    private record NoProbe() implements StorageProbe {
        @Override
        public String write(String nonce) {
            return nonce;
        }

        @Override
        public void remove(String name) {}
    }
}
