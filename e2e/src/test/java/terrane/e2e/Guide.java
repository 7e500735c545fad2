package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import terrane.e2e.cluster.UpCluster;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.time.Duration;
import java.util.List;

/// The documented guide: leader, route, migration, procedure, route. What is answered is compared
/// byte for byte.
final class Guide {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// A lease and a replay on a busy machine, several times over.
    private static final Duration MOVE_MAX = Duration.ofSeconds(60);

    private final UpCluster cluster;
    private final String table;

    /// @param table of one region
    Guide(UpCluster cluster, String table) {
        this.cluster = cluster;
        this.table = table;
    }

    /// Moves the table's region once for each of these metasrvs, which is the one that is asked who
    /// leads.
    void follow(List<Integer> metasrvs) throws Exception {
        for (int metasrv : metasrvs) {
            follow(cluster.metasrv(metasrv));
        }
    }

    private void follow(String metasrv) throws Exception {
        var leader = Curl.get(metasrv + "/admin/leader");
        var at = awaitLed(leader);
        var region = at.path("region").path("id").bigIntegerValue().toString();
        int from = at.path("leader_peer").path("id").asInt();
        int to = (from + 1) % UpCluster.DATANODES;
        var byTable = leader + "/admin/route?table_id=" + (Long.parseUnsignedLong(region) >>> 32);
        long version = version(Curl.get(byTable), region, from);

        var begun =
                Curl.get(
                        ("%s/admin/region-migration?region_id=%s"
                                        + "&from_peer_id=%d&to_peer_id=%d&replay_timeout=1h30m10s")
                                .formatted(leader, region, from, to));
        assertThat(begun).matches("\\{\"procedure_id\":\"[0-9a-f-]{36}\"}");
        var state = leader + "/admin/procedure?procedure_id=" + begun.substring(17, 17 + 36);
        var ended =
                await(state)
                        .atMost(MOVE_MAX)
                        .until(() -> Curl.get(state), said -> !said.contains("\"Running\""));
        assertThat(ended).startsWith("{\"status\":\"Done\",\"error\":null");
        assertThat(version(Curl.get(byTable), region, to)).isGreaterThan(version);
        var target = leader + "/admin/heartbeat?addr=" + cluster.datanode(to);
        assertThat(Curl.get(target)).contains("{\"id\":%s,\"role\":\"Leader\"".formatted(region));
    }

    /// A leader that has just been elected may have to wait for leases of others first.
    private JsonNode awaitLed(String leader) {
        return await("the region is led")
                .atMost(MOVE_MAX)
                .until(
                        () ->
                                JSON.readTree(
                                                Curl.get(
                                                        leader
                                                                + "/admin/route?format=json&table="
                                                                + table))
                                        .path("region_routes")
                                        .path(0),
                        route ->
                                route.path("leader_peer").isObject() && !route.has("leader_state"));
    }

    /// The version of a route, which must be the documented document.
    private long version(String route, String region, int leader) {
        int at = route.lastIndexOf(':');
        long version = Long.parseLong(route.substring(at + 1, route.length() - 2));
        var address = cluster.datanode(leader);
        assertThat(route).isEqualTo(document(region, leader, address, version));
        return version;
    }

    private static String document(String region, int leader, String address, long version) {
        return """
        "{\\"type\\":\\"physical\\",\\"region_routes\\":[{\\"region\\":{\\"id\\":%s,\
        \\"name\\":\\"\\",\\"partition\\":{\\"column_list\\":[],\
        \\"value_list\\":[\\"\\\\\\"MaxValue\\\\\\"\\"]},\\"attrs\\":{}},\
        \\"leader_peer\\":{\\"id\\":%d,\\"addr\\":\\"%s\\"},\
        \\"follower_peers\\":[]}],\\"version\\":%d}"\
        """
                .formatted(region, leader, address, version);
    }
}
