package terrane.core.catalog;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.migration.Certificate;
import terrane.core.migration.MigrationState;
import terrane.core.migration.Plan;
import terrane.core.wal.UnflushedSum;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// A small world for tests of the catalog: three datanodes, one table of two regions.
final class CatalogTown {
    static final Instant NOW = Instant.ofEpochMilli(1_780_000_000_123L);
    static final Node ALICE = node(0, 1);
    static final Node BOB = node(1, 2);
    static final Node CAROL = node(2, 3);
    static final TableName CPU = TableName.of("cpu");
    static final RegionId REGION = TableId.FIRST.region(0);

    final Catalog catalog = new Catalog();

    static Node node(long peer, long incarnation) {
        return new Node(new PeerId(peer), new Incarnation(incarnation, incarnation + 7));
    }

    static ProcedureId procedure(long number) {
        return new ProcedureId(new UUID(77, number));
    }

    static TableSchema schema(int version) {
        var time = Column.Semantic.TIMESTAMP;
        return new TableSchema(
                version,
                List.of(
                        new Column(1, "host", ColumnType.STRING, Column.Semantic.TAG, false),
                        new Column(2, "ts", ColumnType.TIMESTAMP_MILLISECOND, time, false),
                        new Column(3, "v", ColumnType.FLOAT64, Column.Semantic.FIELD, true)),
                MergeMode.LAST_ROW);
    }

    static PartitionRule halves() {
        var h = new Literal.Text("h");
        return new PartitionRule(
                List.of("host"),
                List.of(
                        new PartitionExpr.Comparison("host", PartitionExpr.Operator.LT, h),
                        new PartitionExpr.Comparison("host", PartitionExpr.Operator.GT_EQ, h)));
    }

    static Change.RegisterNode register(Node node, Optional<Node> replaced) {
        var rpc = new Address("10.0.0." + node.incarnation().high(), 4101);
        return new Change.RegisterNode(node, rpc, rpc, "0.1", NOW, replaced);
    }

    static Change.CreateTable create(TableName name, long firstProcedure) {
        var options = new TreeMap<String, String>();
        options.put("ttl", "30d");
        return new Change.CreateTable(
                name,
                schema(1),
                halves(),
                options,
                List.of(
                        new Change.Placement(procedure(firstProcedure), ALICE),
                        new Change.Placement(procedure(firstProcedure + 1), BOB)),
                NOW);
    }

    static Plan plan(RegionId region, PeerId source, PeerId target) {
        return new Plan(
                region, Plan.Cause.ORDERED, Optional.of(source), target, Plan.Limits.DEFAULT, NOW);
    }

    static Change.SaveMigration save(long procedure, long expected, MigrationState state) {
        return new Change.SaveMigration(
                procedure(procedure), expected, state, Measured.NOTHING, NOW.plusSeconds(expected));
    }

    static Measured measured() {
        return new Measured(
                Optional.of(12L),
                Optional.of(Duration.ofMillis(3)),
                Optional.of(
                        new Certificate(
                                Optional.of(new Epoch(1)),
                                new Epoch(2),
                                new WalOffset(400),
                                9,
                                "digest",
                                Optional.of(new UnflushedSum(1, 2, 3)),
                                new UnflushedSum(1, 2, 3),
                                Optional.of(true),
                                0)),
                Optional.of(Duration.ofMillis(5)));
    }

    /// Three fit datanodes and two WAL partitions.
    static CatalogTown settled() {
        var town = new CatalogTown();
        town.done(new Change.Initialize(new ClusterId(new UUID(1, 2))));
        town.done(new Change.RaiseLongestLease(Duration.ofSeconds(3)));
        town.done(
                new Change.ConfigureWal(
                        List.of(new WalPartition("wal-0", 0), new WalPartition("wal-1", 0))));
        for (var node : List.of(ALICE, BOB, CAROL)) {
            town.done(register(node, Optional.empty()));
            town.done(new Change.StorageProven(node));
        }
        return town;
    }

    /// And a table whose regions are led by Alice and Bob under epoch 1.
    static CatalogTown withTable() {
        var town = settled();
        town.apply(create(CPU, 1));
        town.done(save(1, 1, new MigrationState.Completed()));
        town.done(save(2, 1, new MigrationState.Completed()));
        return town;
    }

    Applied apply(Change change) {
        return catalog.apply(change);
    }

    /// @throws AssertionError unless the change is made
    void done(Change change) {
        var applied = catalog.apply(change);
        if (!(applied instanceof Applied.Done)) {
            throw new AssertionError(change + " was answered with " + applied);
        }
    }

    /// Begins to move the first region from Alice to Bob.
    void submit(long procedure) {
        done(
                new Change.SubmitMigration(
                        procedure(procedure),
                        plan(REGION, ALICE.peer(), BOB.peer()),
                        new MigrationState.Opening(),
                        Optional.empty()));
    }

    RegionRecord region() {
        return catalog.region(REGION).orElseThrow();
    }

    long routeVersion() {
        return catalog.route(TableId.FIRST).orElseThrow().version();
    }

    byte[] bytes() {
        return bytes(catalog);
    }

    static byte[] bytes(Catalog catalog) {
        var out = new ByteWriter();
        catalog.encode(out);
        return out.toBytes();
    }

    static Catalog decoded(byte[] bytes) {
        var in = new ByteReader(bytes);
        var catalog = Catalog.decode(in);
        in.end("catalog");
        return catalog;
    }
}
