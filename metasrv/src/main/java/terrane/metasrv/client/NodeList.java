package terrane.metasrv.client;

import terrane.core.Node;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.NodeRecord;
import terrane.core.time.Clock;
import terrane.metasrv.node.Registry;
import terrane.metasrv.raft.CatalogStore;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.wire.metasrv.NodeReport;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Every member of the cluster as the leader knows it: datanodes from the catalog, frontends that
/// said hello, metasrvs from the configuration.
public final class NodeList {
    private final CatalogStore store;
    private final Registry registry;
    private final Frontends frontends;
    private final Metasrvs metasrvs;
    private final Clock clock;

    /// What is known of the metasrvs.
    ///
    /// @param started when this one was started
    public record Metasrvs(List<Member> members, String self, String version, Instant started) {
        public Metasrvs {
            members = List.copyOf(members);
        }
    }

    NodeList(
            CatalogStore store,
            Registry registry,
            Frontends frontends,
            Metasrvs metasrvs,
            Clock clock) {
        this.store = store;
        this.registry = registry;
        this.frontends = frontends;
        this.metasrvs = metasrvs;
        this.clock = clock;
    }

    /// Metasrvs, datanodes by their ids, frontends.
    public List<NodeReport> all() {
        var all = new ArrayList<NodeReport>();
        for (int i = 0; i < metasrvs.members().size(); i++) {
            all.add(metasrv(i, metasrvs.members().get(i)));
        }
        all.addAll(
                store.read(catalog ->
                        catalog.nodes().stream().map(node -> datanode(catalog, node)).toList()));
        frontends.all().forEach(frontend -> all.add(frontend(all.size(), frontend)));
        return List.copyOf(all);
    }

    /// Of another metasrv neither version nor start is known here: it is shown with this one's
    /// version and with the beginning of time.
    private NodeReport metasrv(int number, Member member) {
        boolean self = member.id().equals(metasrvs.self());
        var now = clock.now();
        boolean alive = self || store.reachable(member);
        return new NodeReport(
                "METASRV",
                Optional.empty(),
                number,
                member.rpc(),
                member.http(),
                alive,
                self,
                metasrvs.version(),
                self ? metasrvs.started() : Instant.EPOCH,
                alive ? now : Instant.EPOCH,
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
                record.version(),
                record.started(),
                registry.seen(node.peer()).map(Registry.Seen::at).orElse(record.started()),
                (int) led(catalog).filter(node::equals).count());
    }

    private static Stream<Node> led(Catalog catalog) {
        return catalog.regions().stream()
                .flatMap(region ->
                        switch (region.leadership()) {
                            case Leadership.Led led -> Stream.of(led.leader());
                            case Leadership.HandingOver h -> Stream.of(h.source());
                            case Leadership.Reclaiming _ -> Stream.empty();
                        });
    }

    private static NodeReport frontend(int number, Frontends.Seen seen) {
        return new NodeReport(
                "FRONTEND",
                Optional.empty(),
                number,
                seen.hello().http(),
                seen.hello().http(),
                seen.alive(),
                false,
                seen.hello().version(),
                seen.first(),
                seen.last(),
                0);
    }
}
