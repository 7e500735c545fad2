package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.SharedCluster;
import terrane.e2e.cluster.TestCluster;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// What the documented guide refuses, which changes nothing, and says why.
@ExtendWith(SharedCluster.class)
class RefusalE2E {
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
        var route = Curl.get(leader + "/admin/route?table=refusals");
        var procedures = Curl.get(leader + "/admin/procedures");
        for (var refusal : refusals) {
            var answer = Curl.answer(leader + "/admin/region-migration?" + refusal.query());
            assertThat(answer.status()).as("%s: %s", refusal, answer).isBetween(400, 499);
            assertThat(answer.body())
                    .startsWith("{\"error\":{\"code\":\"")
                    .contains("\"message\":\"")
                    .contains(refusal.because());
        }
        assertThat(Curl.get(leader + "/admin/route?table=refusals")).isEqualTo(route);
        assertThat(Curl.get(leader + "/admin/procedures")).isEqualTo(procedures);
    }

    @Test
    void regionThatIsThereAlreadyIsNotMoved(TestCluster cluster) throws Exception {
        create(cluster, "there");
        var at = new Admin(cluster).route("there").getFirst();
        int to = at.leader().orElseThrow();
        var query = move(at.region(), (to + 1) % TestCluster.DATANODES, to, "&replay_timeout=5m");
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        assertThat(Curl.get(leader + "/admin/region-migration?" + query.query()))
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
                        var answer = Curl.answer(leader + "/admin/region-migration?" + query);
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
            var answer = Curl.answer(leader + path);
            assertThat(answer.status()).as(path).isBetween(400, 499);
            assertThat(answer.body()).as(path).startsWith("{\"error\":{\"code\":\"");
        }
        var elsewhere = Curl.answer(leader + "/admin/leader", "-H", "Sec-Fetch-Site: cross-site");
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
}
