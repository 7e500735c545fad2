package terrane.core.catalog;

import terrane.core.ClusterId;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The state that the metasrvs replicate: tables, regions and who leads them, nodes, procedures.
///
/// [#apply] is a function of the state and the change alone, so that members that apply the same
/// changes have the same bytes. A change that cannot be made changes nothing and says why.
///
/// Not thread-safe; collections that are handed out are views.
public final class Catalog {
    /// Forgotten tombstones cost a watcher that is this far behind one complete answer.
    static final int DROPPED_MAX = 10_000;

    // What the appliers beside this class change; nobody else sees it.
    Optional<ClusterId> cluster = Optional.empty();
    TableId nextTable = TableId.FIRST;
    long version;
    long droppedFloor;
    Duration longestLease = Duration.ZERO;
    List<WalPartition> walPartitions = List.of();
    int nextWal;
    final TreeMap<TableId, TableRecord> tables = new TreeMap<>();
    final TreeMap<TableName, TableId> names = new TreeMap<>();
    final TreeMap<RegionId, RegionRecord> regions = new TreeMap<>();
    final TreeMap<PeerId, NodeRecord> nodes = new TreeMap<>();
    final LinkedHashMap<ProcedureId, Procedure> procedures = new LinkedHashMap<>();
    final LinkedHashMap<String, ProcedureId> requests = new LinkedHashMap<>();
    final TreeMap<ProcedureId, PrunePin> pins = new TreeMap<>();
    final TreeMap<Long, TableId> dropped = new TreeMap<>();
    final TreeSet<ProcedureId> cancelled = new TreeSet<>();

    /// Makes one change, or says why it cannot be made.
    public Applied apply(Change change) {
        return switch (change) {
            case Change.Noop _ -> done();
            case Change.Initialize c -> NodeChanges.initialize(this, c);
            case Change.ConfigureWal c -> NodeChanges.configureWal(this, c);
            case Change.RegisterNode c -> NodeChanges.register(this, c);
            case Change.NodeLeft c -> NodeChanges.left(this, c);
            case Change.StorageProven c -> NodeChanges.storageProven(this, c);
            case Change.RaiseLongestLease c -> NodeChanges.raiseLongestLease(this, c);
            case Change.CreateTable c -> TableChanges.create(this, c);
            case Change.SubmitMigration c -> MigrationChanges.submit(this, c);
            case Change.SaveMigration c -> MigrationChanges.save(this, c);
            case Change.SubmitAlter c -> TableChanges.submitAlter(this, c);
            case Change.AlterDone c -> TableChanges.alterDone(this, c);
            case Change.DropTable c -> TableChanges.drop(this, c);
            case Change.TableGone c -> TableChanges.gone(this, c);
            case Change.CommitFlushed c -> LogChanges.flushed(this, c);
            case Change.Pin c -> LogChanges.pin(this, c);
            case Change.Unpin c -> LogChanges.unpin(this, c);
            case Change.Cancel c -> MigrationChanges.wantCancelled(this, c);
            case Change.RecordWriteGap c -> MigrationChanges.writeGap(this, c);
        };
    }

    /// To be called once on a catalog that was brought back from a backup, before anything else is
    /// done with it: afterwards no epoch, table id or version is given out a second time, nobody
    /// leads any region, and no migration is under way. Every member has to get the same bytes.
    public void restored(Instant at) {
        Restoration.apply(this, at);
    }

    public void encode(ByteWriter out) {
        CatalogCodec.encode(this, out);
    }

    /// @throws terrane.core.TerraneException.Corrupt if the bytes are not a catalog
    public static Catalog decode(ByteReader in) {
        return CatalogCodec.decode(in);
    }

    /// Empty until the first leader has made one.
    public Optional<ClusterId> cluster() {
        return cluster;
    }

    /// Grows with every change of a table, a route, a node or a procedure.
    public long version() {
        return version;
    }

    /// The longest lease that any leader may have granted.
    public Duration longestLease() {
        return longestLease;
    }

    /// Where new regions are put.
    public List<WalPartition> walPartitions() {
        return walPartitions;
    }

    public Optional<TableRecord> table(TableId id) {
        return Optional.ofNullable(tables.get(id));
    }

    public Optional<TableRecord> table(TableName name) {
        return Optional.ofNullable(names.get(name)).flatMap(this::table);
    }

    /// In order of their ids.
    public Collection<TableRecord> tables() {
        return Collections.unmodifiableCollection(tables.values());
    }

    public Optional<RegionRecord> region(RegionId id) {
        return Optional.ofNullable(regions.get(id));
    }

    /// In order of their ids; without those of dropped tables.
    public Collection<RegionRecord> regions() {
        return Collections.unmodifiableCollection(regions.values());
    }

    /// In order of their numbers; empty for an unknown table.
    public List<RegionRecord> regions(TableId table) {
        return table(table).map(t -> t.table().regions()).orElse(List.of()).stream()
                .flatMap(id -> region(id).stream())
                .toList();
    }

    public Optional<NodeRecord> node(PeerId peer) {
        return Optional.ofNullable(nodes.get(peer));
    }

    /// In order of their peer ids.
    public Collection<NodeRecord> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    /// Whether the peer id belongs to this incarnation.
    public boolean registered(Node node) {
        return node(node.peer()).filter(record -> record.node().equals(node)).isPresent();
    }

    /// Whether this incarnation may be chosen to lead, as far as the durable state knows.
    public boolean fit(Node node) {
        return node(node.peer())
                .filter(record -> record.node().equals(node) && record.fit())
                .isPresent();
    }

    public Optional<Procedure> procedure(ProcedureId id) {
        return Optional.ofNullable(procedures.get(id));
    }

    /// Oldest first; of the finished ones as many as are remembered.
    public Collection<Procedure> procedures() {
        return Collections.unmodifiableCollection(procedures.values());
    }

    /// Whether the procedure still holds something back from pruning. It does from its beginning
    /// until everything after it is tidied up, so that a new leader knows what is left to tidy.
    public boolean pinned(ProcedureId id) {
        return pins.containsKey(id);
    }

    /// Whether somebody wants the procedure broken off, which can be.
    public boolean cancelled(ProcedureId id) {
        return cancelled.contains(id);
    }

    /// What was submitted under a client's own request id.
    public Optional<ProcedureId> requested(String requestId) {
        return Optional.ofNullable(requests.get(requestId));
    }

    /// Who leads the table's regions; empty for an unknown table.
    public Optional<Route> route(TableId table) {
        return table(table)
                .map(record ->
                        new Route(
                                table,
                                record.routeVersion(),
                                regions(table).stream().map(this::route).toList()));
    }

    private Route.RegionRoute route(RegionRecord region) {
        return switch (region.leadership()) {
            case Leadership.Led led ->
                    new Route.RegionRoute(region.id(), led.epoch(), leader(led.leader()), false);
            case Leadership.HandingOver h ->
                    new Route.RegionRoute(region.id(), h.epoch(), leader(h.source()), true);
            case Leadership.Reclaiming r ->
                    new Route.RegionRoute(region.id(), r.epoch(), Optional.empty(), false);
        };
    }

    private Optional<Route.Leader> leader(Node node) {
        return node(node.peer()).map(record -> new Route.Leader(node, record.rpc()));
    }

    /// Up to where the partition may be pruned: what every region on it has in files, and what no
    /// procedure holds. Empty where no region is.
    public Optional<WalOffset> pruneFloor(WalPartition partition) {
        var flushed =
                regions.values().stream()
                        .filter(region -> region.wal().equals(partition))
                        .map(RegionRecord::flushed)
                        .min(WalOffset::compareTo);
        var pinned = pinned(partition);
        return flushed.map(offset -> pinned.map(pin -> WalOffset.min(pin, offset)).orElse(offset));
    }

    /// From where on procedures hold the partition; empty if none does.
    public Optional<WalOffset> pinned(WalPartition partition) {
        return pins.values().stream()
                .filter(pin -> pin.wal().equals(partition))
                .map(PrunePin::offset)
                .min(WalOffset::compareTo);
    }

    /// What has changed since `since`, a version that [CatalogDelta#version] named; 0 for all.
    public CatalogDelta changesSince(long since) {
        boolean unknown = since < droppedFloor || since > version;
        if (since == 0 || unknown) {
            return new CatalogDelta(version, true, List.copyOf(tables.keySet()), List.of());
        }
        var changed =
                tables.values().stream()
                        .filter(record -> record.changedAt() > since)
                        .map(record -> record.table().id())
                        .toList();
        return new CatalogDelta(
                version, false, changed, List.copyOf(dropped.tailMap(since, false).values()));
    }

    Applied done() {
        return new Applied.Done(version);
    }

    /// The answer to a change that was made and that somebody may be waiting for.
    Applied changed() {
        version++;
        return done();
    }

    /// Counts a change of a table or of its route.
    void touch(Table table, boolean routeChanged) {
        version++;
        var before = tables.get(table.id());
        long route = before == null ? 1 : before.routeVersion() + (routeChanged ? 1 : 0);
        tables.put(table.id(), new TableRecord(table, route, version));
    }

    void touchRoute(TableId id) {
        table(id).ifPresent(record -> touch(record.table(), true));
    }

    void forgetTable(Table table) {
        version++;
        tables.remove(table.id());
        names.remove(table.name());
        table.regions().forEach(regions::remove);
        dropped.put(version, table.id());
        while (dropped.size() > DROPPED_MAX) {
            droppedFloor = dropped.pollFirstEntry().getKey();
        }
    }
}
