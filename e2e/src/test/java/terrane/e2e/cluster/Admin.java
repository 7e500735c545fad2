package terrane.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks whichever metasrv leads, by the admin API.
public final class Admin {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration END_MAX = Duration.ofMinutes(2);

    private final TestCluster cluster;

    public Admin(TestCluster cluster) {
        this.cluster = cluster;
    }

    /// One region as the route has it.
    ///
    /// @param leader a peer id; empty while nobody leads
    public record RegionAt(String region, Optional<Integer> leader, boolean handingOver) {}

    /// A table's regions in their order.
    public List<RegionAt> route(String table) {
        var regions = new ArrayList<RegionAt>();
        var path = "/admin/route?catalog=greptime&schema=public&format=json&table=" + table;
        for (var each : get(path).path("region_routes")) {
            var leader = each.path("leader_peer").path("id");
            regions.add(
                    new RegionAt(
                            each.path("region").path("id").asString(),
                            leader.isNumber() ? Optional.of(leader.asInt()) : Optional.empty(),
                            each.has("leader_state")));
        }
        return regions;
    }

    /// Begins a migration; empty if the region is on the target already.
    ///
    /// @param request makes asking again harmless
    public Optional<String> migrate(String region, int from, int to, String request) {
        var peers = "&from_peer_id=%d&to_peer_id=%d".formatted(from, to);
        var path = "/admin/region-migration?replay_timeout=60s&region_id=" + region;
        var id = get(path + peers + "&request_id=" + request).path("procedure_id");
        return id.isString() ? Optional.of(id.asString()) : Optional.empty();
    }

    public JsonNode procedure(String id) {
        return get("/admin/procedure?procedure_id=" + id);
    }

    /// Newest first.
    public List<JsonNode> procedures() {
        var procedures = new ArrayList<JsonNode>();
        get("/admin/procedures").path("procedures").forEach(procedures::add);
        return procedures;
    }

    /// Waits, across changes of the metasrv leader, until the procedure has ended.
    public JsonNode awaitEnd(String id) {
        return await("procedure " + id + " ends")
                .atMost(END_MAX)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> procedure(id),
                        procedure -> !procedure.path("status").asString().equals("Running"));
    }

    /// Waits until the procedure is in another stage than this one, or the time is over.
    ///
    /// @return in which it is then
    public String stageAfter(String id, String stage, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        return await("the stage after " + stage + " of procedure " + id)
                .atMost(END_MAX)
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> procedure(id).path("stage").asString(),
                        now -> !now.equals(stage) || System.nanoTime() - end > 0);
    }

    /// Asks whoever leads, and asks again while leaders change: what is asked here is harmless to
    /// repeat.
    private JsonNode get(String path) {
        return await("an answer to " + path)
                .atMost(END_MAX)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> once(path), answer -> true);
    }

    private JsonNode once(String path) throws IOException, InterruptedException {
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        var answer = cluster.calls().get("http://" + leader + path);
        boolean unknown = answer.status() == 500 && answer.body().contains("TRN-040");
        if (answer.status() == 503 || unknown) {
            throw new IOException(answer.body());
        }
        assertThat(answer.status()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
