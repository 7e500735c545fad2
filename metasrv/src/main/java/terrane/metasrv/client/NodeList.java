package terrane.metasrv.client;

import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.NodeRecord;
import terrane.core.catalog.RegionRecord;
import terrane.core.time.Clock;
import terrane.metasrv.node.FlushedOffsets;
import terrane.metasrv.node.Registry;
import terrane.metasrv.raft.CatalogStore;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.wire.metasrv.NodeReport;
import terrane.wire.metasrv.NodeRequest.Flushed;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every member of the cluster as the leader knows it: datanodes from the catalog, frontends that
/// said hello, metasrvs from their group.
public final class NodeList {
    private final CatalogStore store;
    private final Registry registry;
    private final FlushedOffsets flushed;
    private final Frontends frontends;
    private final Metasrvs metasrvs;
    private final Clock clock;

    /// What is known of this metasrv.
    ///
    /// @param started when this one was started
    public record Metasrvs(String self, String version, Instant started) {}

    NodeList(
            CatalogStore store,
            Registry registry,
            FlushedOffsets flushed,
            Frontends frontends,
            Metasrvs metasrvs,
            Clock clock) {
        this.store = store;
        this.registry = registry;
        this.flushed = flushed;
        this.frontends = frontends;
        this.metasrvs = metasrvs;
        this.clock = clock;
    }

    /// Metasrvs, datanodes by their ids, frontends.
    public List<NodeReport> all() {
        var all = new ArrayList<NodeReport>();
        for (var member : store.members()) {
            all.add(metasrv(all.size(), member));
        }
        all.addAll(
                store.read(catalog ->
                        catalog.nodes().stream().map(node -> datanode(catalog, node)).toList()));
        frontends.all().forEach(frontend -> all.add(frontend(all.size(), frontend)));
        return List.copyOf(all);
    }

    /// Of another metasrv neither version nor start is known here.
    private NodeReport metasrv(int number, Member member) {
        boolean self = member.id().equals(metasrvs.self());
        boolean alive = self || store.reachable(member);
        return new NodeReport(
                "METASRV",
                Optional.empty(),
                number,
                member.rpc(),
                member.http(),
                alive,
                self,
                self ? Optional.of(metasrvs.version()) : Optional.empty(),
                self ? Optional.of(metasrvs.started()) : Optional.empty(),
                alive ? Optional.of(clock.now()) : Optional.empty(),
                0);
    }

    private NodeReport datanode(Catalog catalog, NodeRecord record) {
        var node = record.node();
        return new NodeReport(
                "DATANODE",
                Optional.of(node),
                node.peer().value(),
                record.rpc(),
                record.http(),
                registry.alive(node),
                false,
                Optional.of(record.version()),
                Optional.of(record.started()),
                seen(node).map(Registry.Seen::at),
                led(catalog, node).size());
    }

    private Optional<Registry.Seen> seen(Node node) {
        return registry.seen(node.peer()).filter(seen -> seen.node().equals(node));
    }

    private static List<RegionRecord> led(Catalog catalog, Node node) {
        return catalog.regions().stream()
                .filter(region ->
                        switch (region.leadership()) {
                            case Leadership.Led led -> led.leader().equals(node);
                            case Leadership.HandingOver h -> h.source().equals(node);
                            case Leadership.Reclaiming _ -> false;
                        })
                .toList();
    }

    /// The datanodes that this leader has heard of, by their ids, each with what it last said.
    public List<Heard> heard() {
        var heard = new ArrayList<Heard>();
        for (var record : store.read(catalog -> List.copyOf(catalog.nodes()))) {
            seen(record.node()).ifPresent(seen -> heard.add(heard(record, seen)));
        }
        return List.copyOf(heard);
    }

    private Heard heard(NodeRecord record, Registry.Seen seen) {
        var regions =
                store.read(catalog -> led(catalog, record.node())).stream()
                        .map(region ->
                                new RegionHeard(
                                        region.id(),
                                        region.leadership() instanceof Leadership.HandingOver,
                                        flushed.latest(region.id())))
                        .toList();
        return new Heard(record, seen, regions);
    }

    /// A datanode's last heartbeat.
    public record Heard(NodeRecord node, Registry.Seen seen, List<RegionHeard> regions) {
        public Heard {
            regions = List.copyOf(regions);
        }
    }

    /// A region that a datanode leads.
    ///
    /// @param files what its leader last said of its files; empty if it has not yet, to this
    ///   metasrv
    public record RegionHeard(RegionId region, boolean handingOver, Optional<Flushed> files) {}

    private static NodeReport frontend(int number, Frontends.Seen seen) {
        return new NodeReport(
                "FRONTEND",
                Optional.empty(),
                number,
                seen.hello().http(),
                seen.hello().http(),
                seen.alive(),
                false,
                Optional.of(seen.hello().version()),
                Optional.of(seen.first()),
                Optional.of(seen.last()),
                0);
    }
}
