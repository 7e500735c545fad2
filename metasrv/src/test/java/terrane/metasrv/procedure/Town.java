package terrane.metasrv.procedure;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.WalPartition;
import terrane.core.catalog.Change;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Leadership.Led;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.lease.LeaseLedger;
import terrane.core.lease.LeaseTerms;
import terrane.core.lease.Suspicion;
import terrane.core.migration.Plan.Limits;
import terrane.core.time.Clock;
import terrane.core.time.SystemClock;
import terrane.metasrv.raft.LoneCatalogStore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// A metasrv that leads, three datanodes, and table 1024 of one region, led by datanode 1.
public final class Town {
    public static final Node FIRST = new Node(new PeerId(1), new Incarnation(1, 1));
    public static final Node SECOND = new Node(new PeerId(2), new Incarnation(2, 2));
    public static final Node THIRD = new Node(new PeerId(3), new Incarnation(3, 3));
    public static final RegionId REGION = RegionId.parse("4398046511104");
    public static final LeaseTerms LEASES = new LeaseTerms(Duration.ofMillis(300));
    public static final TableSchema SCHEMA =
            new TableSchema(
                    1,
                    List.of(
                            new Column(1, "host", ColumnType.STRING, Column.Semantic.TAG, true),
                            new Column(
                                    2,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Column.Semantic.TIMESTAMP,
                                    false)),
                    MergeMode.LAST_ROW);

    public final Clock clock = new SystemClock();
    public final LoneCatalogStore store = new LoneCatalogStore(clock);
    public final LeaseLedger ledger = new LeaseLedger(LEASES, Duration.ZERO, clock.nanos());
    public final FakeDatanodes nodes = new FakeDatanodes(ledger, clock);
    private final Random random = new Random(1);

    public static Town founded() throws InterruptedException {
        var town = new Town();
        town.found();
        return town;
    }

    private void found() throws InterruptedException {
        store.commit(new Change.Initialize(new ClusterId(new UUID(1, 1))));
        store.commit(new Change.ConfigureWal(List.of(new WalPartition("wal", 0))));
        for (var node : List.of(FIRST, SECOND, THIRD)) {
            register(node, Optional.empty());
            store.commit(new Change.StorageProven(node));
        }
        createTable("cpu", PartitionRule.SINGLE);
    }

    public void register(Node node, Optional<Node> replaced) {
        int port = 4100 + (int) node.peer().value();
        store.commit(
                new Change.RegisterNode(
                        node,
                        new Address("datanode", port),
                        new Address("datanode", port + 1000),
                        "0.1.0",
                        Instant.EPOCH,
                        replaced));
        nodes.start(node);
    }

    public void createTable(String name, PartitionRule rule) throws InterruptedException {
        createTable(name, rule, new TreeMap<>());
    }

    void createTable(String name, PartitionRule rule, SortedMap<String, String> options)
            throws InterruptedException {
        var placements =
                java.util.stream.IntStream.range(0, rule.regionCount())
                        .mapToObj(_ -> new Change.Placement(id(), FIRST))
                        .toList();
        store.commit(
                new Change.CreateTable(
                        TableName.of(name), SCHEMA, rule, options, placements, clock.now()));
        for (var placement : placements) {
            procedures().migrations().run(placement.procedure());
        }
    }

    public ProcedureId id() {
        return ProcedureId.random(random::nextLong);
    }

    public Procedures procedures() {
        return new Procedures(
                store, nodes, ledger, Suspicion.Parameters.USUAL, clock, random::nextLong);
    }

    public MigrationRequests requests(Procedures procedures) {
        return new MigrationRequests(store, nodes, procedures, clock, random::nextLong);
    }

    public static MigrationRequests.Move move(Node from, Node to, Limits limits) {
        return new MigrationRequests.Move(REGION, from.peer(), to.peer(), limits, Optional.empty());
    }

    ProcedureId submit(Node from, Node to, Limits limits) throws InterruptedException {
        return requests(procedures()).submit(move(from, to, limits)).orElseThrow();
    }

    Migrating migrating(ProcedureId id) {
        return (Migrating) store.read(catalog -> catalog.procedure(id)).orElseThrow();
    }

    /// Who leads by the catalog's word; fails if nobody does.
    public Led led() {
        return (Led) store.read(catalog -> catalog.region(REGION)).orElseThrow().leadership();
    }

    /// What must be true after any procedure: one leader, the same for the catalog and the nodes.
    boolean settled() {
        var region = store.read(catalog -> catalog.region(REGION)).orElseThrow();
        if (!(region.leadership() instanceof Led led)) {
            return false;
        }
        return nodes.leader(REGION)
                        .equals(Optional.of(new FakeDatanodes.Leads(led.leader(), led.epoch())))
                && nodes.breaches().isEmpty();
    }

    Epoch epoch() {
        return led().epoch();
    }
}
