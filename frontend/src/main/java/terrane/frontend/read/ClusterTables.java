package terrane.frontend.read;

import terrane.core.PeerId;
import terrane.core.catalog.Table;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.MetasrvClient;
import terrane.frontend.route.RegionLeader;
import terrane.query.select.VirtualRow.Member;
import terrane.query.select.VirtualRow.Procedure;
import terrane.query.select.VirtualRow.ProcedureSummary;
import terrane.query.select.VirtualRow.RegionMigration;
import terrane.query.select.VirtualRow.RegionPeer;
import terrane.query.select.VirtualTables;
import terrane.wire.metasrv.ClientRequest.Follower;
import terrane.wire.metasrv.ClientRequest.ListFollowers;
import terrane.wire.metasrv.ClientRequest.ListNodes;
import terrane.wire.metasrv.ClientRequest.ListPoisons;
import terrane.wire.metasrv.ClientRequest.ListProcedures;
import terrane.wire.metasrv.NodeReport;
import terrane.wire.metasrv.PoisonReport;
import terrane.wire.metasrv.ProcedureReport;

import tools.jackson.databind.ObjectMapper;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `information_schema` says of nodes, leaders and procedures, as the metasrv leader knows
/// them when it is asked.
public final class ClusterTables implements VirtualTables {
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private final CatalogCache cache;
    private final MetasrvClient metasrv;
    private final ObjectMapper json = new ObjectMapper();

    public ClusterTables(CatalogCache cache, MetasrvClient metasrv) {
        this.cache = cache;
        this.metasrv = metasrv;
    }

    @Override
    public List<RegionPeer> regionPeers() throws InterruptedException {
        var nodes = new HashMap<PeerId, NodeReport>();
        for (var node : metasrv.call(new ListNodes(), AT_MOST).nodes()) {
            node.node().ifPresent(known -> nodes.put(known.peer(), node));
        }
        var followers = metasrv.call(new ListFollowers(), AT_MOST).followers();
        var poisons = metasrv.call(new ListPoisons(), AT_MOST).poisons();
        cache.refresh(AT_MOST);
        var rows = new ArrayList<RegionPeer>();
        for (var table : cache.all()) {
            for (var region : table.regions()) {
                cache.leader(region).ifPresent(leader -> peer(table, leader, nodes, rows));
                followers.stream()
                        .filter(follower -> follower.region().equals(region))
                        .forEach(follower -> rows.add(peer(table, follower, nodes)));
                poisons.stream()
                        .filter(poison -> poison.region().equals(region))
                        .forEach(poison -> rows.add(peer(table, poison, nodes)));
            }
        }
        return rows;
    }

    private static void peer(
            Table table,
            RegionLeader region,
            Map<PeerId, NodeReport> nodes,
            List<RegionPeer> rows) {
        if (region.leader().isEmpty()) {
            return;
        }
        var leader = region.leader().get();
        var node = Optional.ofNullable(nodes.get(leader.node().peer()));
        boolean alive = node.map(NodeReport::alive).orElse(false);
        rows.add(
                new RegionPeer(
                        table.name(),
                        region.region(),
                        leader.node().peer(),
                        Optional.of(leader.address()),
                        true,
                        !alive ? "DOWN" : region.handingOver() ? "DOWNGRADED" : "ALIVE",
                        Optional.empty()));
    }

    /// A follower serves nothing, whatever its status.
    private static RegionPeer peer(Table table, Follower follower, Map<PeerId, NodeReport> nodes) {
        var node = Optional.ofNullable(nodes.get(follower.peer()));
        boolean alive = node.map(NodeReport::alive).orElse(false);
        return new RegionPeer(
                table.name(),
                follower.region(),
                follower.peer(),
                node.map(NodeReport::address),
                false,
                !alive ? "DOWN" : follower.caughtUp() ? "FOLLOWER" : "CATCHING_UP",
                Optional.empty());
    }

    /// Who met the record last; nobody, or somebody else, leads the region.
    private static RegionPeer peer(
            Table table, PoisonReport poison, Map<PeerId, NodeReport> nodes) {
        return new RegionPeer(
                table.name(),
                poison.region(),
                poison.peer(),
                Optional.ofNullable(nodes.get(poison.peer())).map(NodeReport::address),
                false,
                poison.waits() ? "QUARANTINED" : "STALLED",
                Optional.empty());
    }

    @Override
    public List<Member> members() throws InterruptedException {
        return metasrv.call(new ListNodes(), AT_MOST).nodes().stream()
                .map(ClusterTables::member)
                .toList();
    }

    private static Member member(NodeReport node) {
        return new Member(
                node.id(),
                node.kind(),
                new Member.Addresses(node.address(), node.http()),
                node.version(),
                new Member.Lifetime(node.started(), node.lastSeen(), node.alive()),
                node.leader(),
                node.regions());
    }

    @Override
    public List<Procedure> procedures() throws InterruptedException {
        return reports().stream()
                .map(report -> new Procedure(summary(report), report.region(), report.lagRecords()))
                .toList();
    }

    @Override
    public List<RegionMigration> regionMigrations() throws InterruptedException {
        return reports().stream()
                .filter(report -> report.kind().equals("region_migration"))
                .flatMap(report -> migration(report).stream())
                .toList();
    }

    private List<ProcedureReport> reports() throws InterruptedException {
        return metasrv.call(new ListProcedures(Optional.empty()), AT_MOST).procedures();
    }

    private Optional<RegionMigration> migration(ProcedureReport report) {
        return report.region()
                .map(region ->
                        new RegionMigration(
                                summary(report),
                                region,
                                report.source(),
                                report.target(),
                                stages(report),
                                report.lagRecords(),
                                outcome(report)));
    }

    private RegionMigration.Outcome outcome(ProcedureReport report) {
        return new RegionMigration.Outcome(
                report.predictedGap(),
                report.writeGap(),
                report.certificate().map(this::certificate),
                report.certificate().flatMap(ProcedureReport.Certificate::agreed));
    }

    private static ProcedureSummary summary(ProcedureReport report) {
        var stages = report.stages();
        boolean running = report.status().equals("Running");
        return new ProcedureSummary(
                report.id(),
                report.kind(),
                stages.isEmpty() ? Instant.EPOCH : stages.getFirst().began(),
                running || stages.isEmpty() ? Optional.empty() : ended(stages.getLast()),
                report.status(),
                report.error(),
                report.stage());
    }

    /// The last stage of a finished procedure is the state that it rests in.
    private static Optional<Instant> ended(ProcedureReport.Stage last) {
        return Optional.of(last.ended().orElse(last.began()));
    }

    private String stages(ProcedureReport report) {
        var list = new ArrayList<Map<String, Object>>();
        for (var stage : report.stages()) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("stage", stage.name());
            entry.put("began", stage.began().toString());
            stage.ended().ifPresent(ended -> entry.put("ended", ended.toString()));
            list.add(entry);
        }
        return json.writeValueAsString(list);
    }

    private String certificate(ProcedureReport.Certificate certificate) {
        var entry = new LinkedHashMap<String, Object>();
        certificate.sourceEpoch().ifPresent(epoch -> entry.put("source_epoch", epoch.value()));
        entry.put("target_epoch", certificate.targetEpoch().value());
        entry.put("fence_offset", certificate.fence().value());
        entry.put("manifest_version", certificate.manifestVersion());
        entry.put("manifest_digest", certificate.manifestDigest());
        certificate.source().ifPresent(sum -> entry.put("source_unflushed", sum.toString()));
        entry.put("target_unflushed", certificate.target().toString());
        certificate.agreed().ifPresent(agreed -> entry.put("agreed", agreed));
        entry.put("skipped_records", certificate.skipped());
        return json.writeValueAsString(entry);
    }
}
