package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.SharedCluster;
import terrane.e2e.cluster.TestCluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The documented guide, word for word, with nothing but `curl`; and what is refused, which changes
/// nothing.
@ExtendWith(SharedCluster.class)
class GuideE2E {
    @Test
    void guideMovesARegionWhicheverMetasrvLeads(TestCluster cluster) throws Exception {
        create(cluster, "guide");
        for (var metasrv : cluster.metasrvHttp()) {
            moveByTheGuide(cluster, metasrv);
        }
        var leader = cluster.metasrv(cluster.metasrvLeader());
        leader.kill();
        try {
            var other = cluster.metasrvHttp().get(cluster.metasrvLeader());
            moveByTheGuide(cluster, other);
        } finally {
            cluster.restart(leader);
        }
    }

    private static void moveByTheGuide(TestCluster cluster, String metasrv) throws Exception {
        var leader = curl(metasrv + "/admin/leader");
        assertThat(leader).isEqualTo(cluster.metasrvHttp().get(cluster.metasrvLeader()));

        var at = new Admin(cluster).route("guide").getFirst();
        int from = at.leader().orElseThrow();
        var table = Long.toString(Long.parseUnsignedLong(at.region()) >>> 32);
        var before = curl(leader + "/admin/route?table_id=" + table);
        int version = checkRoute(before, at.region(), from);

        int to = (from + 1) % TestCluster.DATANODES;
        var begun =
                curl(
                        ("%s/admin/region-migration?region_id=%s"
                                        + "&from_peer_id=%d&to_peer_id=%d&replay_timeout=1h30m10s")
                                .formatted(leader, at.region(), from, to));
        assertThat(begun).matches("\\{\"procedure_id\":\"[0-9a-f-]{36}\"}");
        var procedure = begun.substring(17, 17 + 36);

        new Admin(cluster).awaitEnd(procedure);
        assertThat(curl(leader + "/admin/procedure?procedure_id=" + procedure))
                .startsWith("{\"status\":\"Done\",\"error\":null");
        var after = curl(leader + "/admin/route?table_id=" + table);
        assertThat(checkRoute(after, at.region(), to)).isGreaterThan(version);
    }

    /// The documented form, byte for byte.
    ///
    /// @return the version
    private static int checkRoute(String route, String region, int leader) {
        var start =
                "\"{\\\"type\\\":\\\"physical\\\",\\\"region_routes\\\":"
                        + "[{\\\"region\\\":{\\\"id\\\":"
                        + region
                        + ",\\\"name\\\":\\\"\\\",\\\"partition\\\":{\\\"column_list\\\":[],"
                        + "\\\"value_list\\\":[\\\"\\\\\\\"MaxValue\\\\\\\"\\\"]},"
                        + "\\\"attrs\\\":{}},\\\"leader_peer\\\":{\\\"id\\\":"
                        + leader
                        + ",\\\"addr\\\":\\\"127.0.0.1:";
        assertThat(route).startsWith(start);
        assertThat(route.substring(start.length()))
                .matches(
                        "\\d+\\\\\"},\\\\\"follower_peers\\\\\":\\[]}],"
                                + "\\\\\"version\\\\\":\\d+}\"");
        int at = route.lastIndexOf(':');
        return Integer.parseInt(route.substring(at + 1, route.length() - 2));
    }

    @Test
    void everyRefusalSaysWhyAndChangesNothing(TestCluster cluster) throws Exception {
        create(cluster, "refusals");
        var at = new Admin(cluster).route("refusals").getFirst();
        int from = at.leader().orElseThrow();
        int to = (from + 1) % TestCluster.DATANODES;
        int other = (from + 2) % TestCluster.DATANODES;
        var refusals =
                List.of(
                        refusal("from_peer_id=%d&to_peer_id=%d&replay_timeout=5m", from, to)
                                .because("region_id"),
                        refusal(
                                        "region_id=x&from_peer_id=%d&to_peer_id=%d"
                                                + "&replay_timeout=5m",
                                        from, to)
                                .because("region_id"),
                        move(at.region(), from, to, "").because("replay_timeout"),
                        move(at.region(), from, to, "&replay_timeout=0s").because("replay_timeout"),
                        move(at.region(), from, to, "&replay_timeout=300")
                                .because("replay_timeout"),
                        move(at.region(), from, to, "&replay_timeout=5m&max_pause=no")
                                .because("max_pause"),
                        move(at.region(), from, from, "&replay_timeout=5m").because("same"),
                        move("4702111234474983745", from, to, "&replay_timeout=5m")
                                .because("4702111234474983745"),
                        move(at.region(), from, 77, "&replay_timeout=5m").because("77"),
                        move(at.region(), 77, to, "&replay_timeout=5m").because("77"),
                        move(at.region(), other, to, "&replay_timeout=5m")
                                .because("leader_peer_id=" + from));
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        var route = curl(leader + "/admin/route?table=refusals");
        var procedures = curl(leader + "/admin/procedures");
        for (var refusal : refusals) {
            var answer = curlStatus(leader + "/admin/region-migration?" + refusal.query());
            assertThat(answer.status()).as("%s: %s", refusal, answer).isBetween(400, 499);
            assertThat(answer.body())
                    .startsWith("{\"error\":{\"code\":\"")
                    .contains("\"message\":\"")
                    .contains(refusal.because());
        }
        assertThat(curl(leader + "/admin/route?table=refusals")).isEqualTo(route);
        assertThat(curl(leader + "/admin/procedures")).isEqualTo(procedures);
    }

    @Test
    void regionThatIsThereAlreadyIsNotMoved(TestCluster cluster) throws Exception {
        create(cluster, "there");
        var at = new Admin(cluster).route("there").getFirst();
        int to = at.leader().orElseThrow();
        var query = move(at.region(), (to + 1) % TestCluster.DATANODES, to, "&replay_timeout=5m");
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        assertThat(curl(leader + "/admin/region-migration?" + query.query()))
                .isEqualTo("{\"procedure_id\":null}");
    }

    @Test
    void deadTargetIsRefused(TestCluster cluster) throws Exception {
        create(cluster, "dead_target");
        var at = new Admin(cluster).route("dead_target").getFirst();
        int from = at.leader().orElseThrow();
        int to = (from + 1) % TestCluster.DATANODES;
        var target = cluster.datanode(to);
        target.kill();
        try {
            var query = move(at.region(), from, to, "&replay_timeout=5m").query();
            await("the metasrv notices")
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> {
                        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
                        var answer = curlStatus(leader + "/admin/region-migration?" + query);
                        assertThat(answer.status()).isBetween(400, 499);
                        assertThat(answer.body()).contains("not alive").contains("" + to);
                    });
        } finally {
            cluster.restart(target);
        }
    }

    @Test
    void unknownTablesAndProceduresAndSitesAreRefused(TestCluster cluster) throws Exception {
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        for (var path :
                List.of(
                        "/admin/route?table_id=9999999",
                        "/admin/route",
                        "/admin/procedure?procedure_id=" + UUID.randomUUID(),
                        "/admin/procedure?procedure_id=no",
                        "/admin/nothing")) {
            var answer = curlStatus(leader + path);
            assertThat(answer.status()).as(path).isBetween(400, 499);
            assertThat(answer.body()).as(path).startsWith("{\"error\":{\"code\":\"");
        }
        var elsewhere = curlStatus(leader + "/admin/leader", "-H", "Sec-Fetch-Site: cross-site");
        assertThat(elsewhere.status()).isEqualTo(403);
    }

    private static void create(TestCluster cluster, String table) throws Exception {
        cluster.sql(
                "CREATE TABLE IF NOT EXISTS %s (host STRING, ts TIMESTAMP TIME INDEX, x DOUBLE,"
                                .formatted(table)
                        + " PRIMARY KEY (host))");
    }

    private record Refusal(String query, String because) {
        Refusal because(String text) {
            return new Refusal(query, text);
        }
    }

    private static Refusal refusal(String query, int from, int to) {
        return new Refusal(query.formatted(from, to), "");
    }

    private static Refusal move(String region, int from, int to, String more) {
        return refusal("region_id=" + region + "&from_peer_id=%d&to_peer_id=%d" + more, from, to);
    }

    private static String curl(String url) throws IOException, InterruptedException {
        var answer = curlStatus(url);
        assertThat(answer.status()).as("%s: %s", url, answer.body()).isEqualTo(200);
        return answer.body();
    }

    private record Answer(int status, String body) {}

    private static Answer curlStatus(String url, String... more)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("curl", "-sS", "-m", "30", "-w", "\n%{http_code}"));
        command.addAll(List.of(more));
        command.add(url);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", url, said).isZero();
        int end = said.lastIndexOf('\n');
        return new Answer(Integer.parseInt(said.substring(end + 1)), said.substring(0, end));
    }
}
