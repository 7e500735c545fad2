package terrane.frontend;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.Column;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Route;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.core.wal.WriteKey;
import terrane.frontend.route.Calls;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.datanode.DataRequest;
import terrane.wire.metasrv.ClientRequest;
import terrane.wire.metasrv.PoisonReport;
import terrane.wire.rpc.ReplyStream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// A metasrv and datanodes behind [Calls], which answer as the real ones do unless a test says what
/// to answer next.
public final class FakeCluster implements Calls {
    public static final Address METASRV = new Address("metasrv", 3001);

    /// What a region's log holds.
    public record Landed(DataRequest.Write request, WalOffset offset) {
        public RowBatch rows() {
            return RowBatchCodec.decode(request.batch());
        }
    }

    /// A datanode's answer to one write, in place of the usual one.
    public interface Script extends Function<DataRequest.Write, DataRequest.Written> {}

    private final Map<TableName, Table> tables = new TreeMap<>();
    private final Map<RegionId, LeaderHint> leaders = new LinkedHashMap<>();
    private final Map<RegionId, Boolean> known = new LinkedHashMap<>();
    private final Map<RegionId, List<Landed>> logs = new LinkedHashMap<>();
    private final Deque<Script> scripts = new ArrayDeque<>();
    private final List<ClientRequest.ReportWriteGap> gaps = new ArrayList<>();
    private final List<ClientRequest<?>> asked = new ArrayList<>();
    private final List<DataRequest.Write> attempts = new ArrayList<>();
    private final List<DataRequest.Scan> scans = new ArrayList<>();
    private final Deque<Function<DataRequest.Scan, ReplyStream<DataRequest.ScanChunk>>> streams =
            new ArrayDeque<>();
    private final List<TableId> dropped = new ArrayList<>();
    private final Map<RegionId, PoisonReport> waiting = new LinkedHashMap<>();
    private long version = 1;
    private int nextTable = 1024;

    private boolean forgetful;

    /// Keeps nothing of what is written: for benchmarks.
    public FakeCluster forgetful() {
        forgetful = true;
        return this;
    }

    public static Node node(long peer) {
        return new Node(new PeerId(peer), new Incarnation(peer, 7));
    }

    public static Address address(long peer) {
        return new Address("datanode-" + peer, 4101);
    }

    public static LeaderHint hint(RegionId region, long epoch, long peer) {
        return new LeaderHint(region, new Epoch(epoch), node(peer), address(peer));
    }

    /// Every region is led by peer 1 under epoch 1.
    public synchronized Table create(String name, TableSchema schema, PartitionRule partitions) {
        return create(TableName.of(name), schema, partitions);
    }

    private Table create(TableName name, TableSchema schema, PartitionRule partitions) {
        var table = new Table(new TableId(nextTable++), name, schema, partitions, new TreeMap<>());
        tables.put(name, table);
        for (var region : table.regions()) {
            logs.put(region, new ArrayList<>());
            lead(hint(region, 1, 1), true);
        }
        return table;
    }

    /// Nobody leads the region any more, because of a record that cannot be read.
    public synchronized void quarantine(PoisonReport poison) {
        waiting.put(poison.region(), poison);
        version++;
        notifyAll();
    }

    /// Changes who leads; only if `published` the metasrv's watchers learn of it.
    public synchronized void lead(LeaderHint leader, boolean published) {
        waiting.remove(leader.region());
        leaders.put(leader.region(), leader);
        known.put(leader.region(), published);
        if (published) {
            version++;
            notifyAll();
        }
    }

    public synchronized void publish() {
        known.replaceAll((_, _) -> true);
        version++;
        notifyAll();
    }

    /// The next write that arrives at a datanode is answered so.
    public synchronized void next(Script script) {
        scripts.add(script);
    }

    public synchronized void nextScan(
            Function<DataRequest.Scan, ReplyStream<DataRequest.ScanChunk>> stream) {
        streams.add(stream);
    }

    public synchronized List<DataRequest.Write> attempts() {
        return List.copyOf(attempts);
    }

    public synchronized List<DataRequest.Scan> scans() {
        return List.copyOf(scans);
    }

    public synchronized List<Landed> log(RegionId region) {
        return List.copyOf(logs.getOrDefault(region, List.of()));
    }

    public synchronized List<ClientRequest.ReportWriteGap> gaps() {
        return List.copyOf(gaps);
    }

    public synchronized List<ClientRequest<?>> asked() {
        return List.copyOf(asked);
    }

    public synchronized Optional<Table> table(String name) {
        return Optional.ofNullable(tables.get(TableName.of(name)));
    }

    public static TerraneException lost() {
        return TerraneException.uncertain(ErrorCode.OUTCOME_UNKNOWN, "connection lost");
    }

    public static TerraneException.NotLeader elsewhere(LeaderHint hint) {
        return new TerraneException.NotLeader(
                ErrorCode.REGION_ELSEWHERE, "not the leader", hint, null);
    }

    @Override
    @SuppressWarnings("unchecked") // each request is answered by the type that it names
    public <R extends Reply> R call(Address to, Request<R> request, Duration atMost)
            throws InterruptedException {
        return switch (request) {
            case ClientRequest<?> question when to.equals(METASRV) -> (R) metasrv(question);
            case DataRequest.Write write -> (R) write(to, write);
            case DataRequest.Describe describe -> (R) describe(describe);
            default -> throw new IllegalArgumentException(to + " " + request);
        };
    }

    private synchronized Reply describe(DataRequest.Describe request) {
        var end = new WalOffset(logOf(request.region()).size());
        return new DataRequest.Described(new Epoch(1), true, end, Optional.empty());
    }

    private DataRequest.Written write(Address to, DataRequest.Write request) {
        if (forgetful) {
            return new DataRequest.Written(WalOffset.ZERO, WalOffset.ZERO, Optional.empty());
        }
        Script script;
        synchronized (this) {
            attempts.add(request);
            script = scripts.poll();
        }
        return script == null ? land(to, request) : script.apply(request);
    }

    /// What a datanode does: refuses unless it leads so, and writes once per key.
    public synchronized DataRequest.Written land(Address to, DataRequest.Write request) {
        var leader = leaderOf(request.region());
        if (!leader.address().equals(to)
                || !leader.epoch().equals(request.epoch())
                || !leader.leader().incarnation().equals(request.leader())) {
            throw elsewhere(leader);
        }
        return append(request);
    }

    public synchronized DataRequest.Written append(DataRequest.Write request) {
        var log = logOf(request.region());
        var offset = new WalOffset(log.size());
        for (var landed : log) {
            if (landed.request().key().equals(request.key())) {
                return new DataRequest.Written(landed.offset(), offset, Optional.empty());
            }
        }
        log.add(new Landed(request, offset));
        return new DataRequest.Written(offset, new WalOffset(log.size()), Optional.empty());
    }

    public synchronized List<WriteKey> keys(RegionId region) {
        return log(region).stream().map(landed -> landed.request().key().orElseThrow()).toList();
    }

    private synchronized Reply metasrv(ClientRequest<?> request) throws InterruptedException {
        if (!(request instanceof ClientRequest.WatchCatalog)) {
            asked.add(request);
        }
        return switch (request) {
            case ClientRequest.WatchCatalog watch -> watch(watch);
            case ClientRequest.CreateTable create -> createTable(create);
            case ClientRequest.AddColumns add -> addColumns(add);
            case ClientRequest.DropTable drop -> dropTable(drop);
            case ClientRequest.ReportWriteGap gap -> {
                gaps.add(gap);
                yield new Reply.Ack();
            }
            case ClientRequest.MigrateRegion _ ->
                    new ClientRequest.Submitted(Optional.of(new ProcedureId(new UUID(1, 2))));
            case ClientRequest.ListNodes _ -> new ClientRequest.Nodes(List.of());
            case ClientRequest.ListFollowers _ -> new ClientRequest.Followers(List.of());
            case ClientRequest.ListPoisons _ ->
                    new ClientRequest.Poisons(List.copyOf(waiting.values()));
            case ClientRequest.ListProcedures _ -> new ClientRequest.Procedures(List.of());
            case ClientRequest.Hello _,
                    ClientRequest.FlushTable _,
                    ClientRequest.CancelProcedure _ ->
                    new Reply.Ack();
        };
    }

    private List<Landed> logOf(RegionId region) {
        return logs.computeIfAbsent(region, _ -> new ArrayList<>());
    }

    private LeaderHint leaderOf(RegionId region) {
        return leaders.computeIfAbsent(region, id -> hint(id, 1, 1));
    }

    @SuppressWarnings("WaitNotInLoop") // an answer without a change is a good one too
    private Reply watch(ClientRequest.WatchCatalog watch) throws InterruptedException {
        // A quarter of a second stands for the real one's ten, so that tests end soon.
        if (watch.version() >= version && !watch.atMost().isZero()) {
            wait(250);
        }
        var all = tables.values().stream().map(this::describe).toList();
        return new ClientRequest.CatalogChanges(
                version, true, all, List.copyOf(dropped), List.copyOf(waiting.values()));
    }

    private ClientRequest.TableDescription describe(Table table) {
        var routes = new ArrayList<Route.RegionRoute>();
        for (var region : table.regions()) {
            var leader = leaderOf(region);
            if (waiting.containsKey(region)) {
                routes.add(
                        new Route.RegionRoute(
                                region, leader.epoch().next(), Optional.empty(), false));
            } else if (known.getOrDefault(region, false)) {
                routes.add(
                        new Route.RegionRoute(
                                region,
                                leader.epoch(),
                                Optional.of(new Route.Leader(leader.leader(), leader.address())),
                                false));
            }
        }
        return new ClientRequest.TableDescription(table, new Route(table.id(), version, routes));
    }

    private Reply createTable(ClientRequest.CreateTable request) {
        var existing = tables.get(request.name());
        if (existing != null && !request.ifNotExists()) {
            throw TerraneException.rejected(
                    ErrorCode.TABLE_EXISTS, "table '%s' exists", request.name().table());
        }
        var table =
                existing != null
                        ? existing
                        : create(request.name(), request.schema(), request.partitions());
        return describe(table);
    }

    private Reply addColumns(ClientRequest.AddColumns request) {
        var before = table(request.name().table()).orElseThrow();
        var columns = new ArrayList<>(before.schema().columns());
        for (var column : request.columns()) {
            if (before.schema().column(column.name()).isEmpty()) {
                columns.add(
                        new Column(
                                columns.size() + 1,
                                column.name(),
                                column.type(),
                                column.semantic(),
                                true));
            }
        }
        var schema =
                new TableSchema(
                        before.schema().version() + 1, columns, before.schema().mergeMode());
        var after =
                new Table(
                        before.id(), before.name(), schema, before.partitions(), before.options());
        tables.put(request.name(), after);
        version++;
        notifyAll();
        return describe(after);
    }

    private Reply dropTable(ClientRequest.DropTable request) {
        var table = tables.remove(request.name());
        if (table == null && !request.ifExists()) {
            throw TerraneException.rejected(
                    ErrorCode.TABLE_NOT_FOUND, "table '%s' does not exist", request.name().table());
        }
        if (table != null) {
            dropped.add(table.id());
            version++;
            notifyAll();
        }
        return new Reply.Ack();
    }

    @Override
    @SuppressWarnings("unchecked") // only scans are streams
    public synchronized <R extends Reply> ReplyStream<R> stream(
            Address to, Request<R> request, Duration atMost) {
        var scan = (DataRequest.Scan) request;
        scans.add(scan);
        var stream = streams.remove();
        return (ReplyStream<R>) stream.apply(scan);
    }
}
