package terrane.cli.role;

import terrane.core.Address;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.catalog.Route;
import terrane.metasrv.LeaderDuties;
import terrane.metasrv.MetasrvServer;
import terrane.metasrv.admin.AdminSource;
import terrane.metasrv.client.NodeList;
import terrane.metasrv.client.PoisonList;
import terrane.metasrv.procedure.MigrationRequests;
import terrane.wire.metasrv.NodeReport;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the admin API shows of one metasrv.
record AdminView(MetasrvServer server, Address http) implements AdminSource {
    private static final double PHI_SHOWN_MAX = 1_000;

    @Override
    public Optional<MigrationRequests> migrations() {
        return server.leading().map(LeaderDuties::migrations);
    }

    @Override
    public List<NodeList.Heard> heard() {
        return server.leading().map(leading -> leading.clients().nodes().heard()).orElse(List.of());
    }

    @Override
    public Map<RegionId, Route.Leader> followers() {
        return server.leading()
                .map(leading -> leading.procedures().followers().addresses())
                .orElse(Map.of());
    }

    @Override
    public Optional<PoisonList> poisons() {
        return server.leading().map(leading -> leading.clients().poisons());
    }

    private List<NodeReport> nodes() {
        return server.leading().map(leading -> leading.clients().nodes().all()).orElse(List.of());
    }

    @Override
    public String metrics() {
        var text = new StringBuilder();
        boolean leads = server.leading().isPresent();
        gauge(text, "terrane_metasrv_leads", "1 on the leader", leads ? 1 : 0);
        server.store()
                .read(catalog -> {
                    gauge(text, "terrane_catalog_version", "changes so far", catalog.version());
                    gauge(text, "terrane_tables", "tables", catalog.tables().size());
                    gauge(text, "terrane_regions", "regions", catalog.regions().size());
                    gauge(
                            text,
                            "terrane_procedures_running",
                            "procedures that have not ended",
                            catalog.procedures().stream()
                                    .filter(procedure -> !procedure.finished())
                                    .count());
                    return catalog.version();
                });
        if (leads) {
            gauge(
                    text,
                    "terrane_nodes_alive",
                    "members that are up, as the leader sees them",
                    nodes().stream().filter(NodeReport::alive).count());
        }
        poisons().ifPresent(poisons -> poisons(text, poisons));
        server.leading().ifPresent(leading -> phi(text, leading.procedures().phi()));
        return text.toString();
    }

    private static void poisons(StringBuilder text, PoisonList poisons) {
        gauge(
                text,
                "terrane_regions_quarantined",
                "regions that wait at a record that cannot be read",
                poisons.waiting().size());
        gauge(
                text,
                "terrane_copies_stalled",
                "copies that cannot go on at a record of the log, while the region does not wait",
                poisons.stopped().size());
        gauge(
                text,
                "terrane_records_given_up",
                "records that operators have given up",
                poisons.givenUp().stream().mapToLong(region -> region.offsets().size()).sum());
    }

    /// Far out it is infinite, which no graph can show.
    private static void phi(StringBuilder text, Map<PeerId, Double> found) {
        text.append(
                """
                # HELP terrane_node_phi how suspicious a datanode's silence is; failover.phi is much
                # TYPE terrane_node_phi gauge
                """);
        found.forEach((peer, phi) ->
                text.append(
                        String.format(
                                Locale.ROOT,
                                "terrane_node_phi{peer_id=\"%s\"} %.3f\n",
                                peer,
                                Math.min(phi, PHI_SHOWN_MAX))));
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        text.append(
                "# HELP %s %s\n# TYPE %s gauge\n%s %d\n".formatted(name, help, name, name, value));
    }
}
