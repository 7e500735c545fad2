package terrane.metasrv.admin;

import static org.assertj.core.api.Assertions.assertThat;

import static terrane.metasrv.procedure.Town.FIRST;
import static terrane.metasrv.procedure.Town.SECOND;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Address;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Literal;
import terrane.core.catalog.NodeRecord;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Route;
import terrane.core.formation.Standing;
import terrane.metasrv.client.NodeList;
import terrane.metasrv.client.PoisonList;
import terrane.metasrv.node.Registry;
import terrane.metasrv.procedure.MigrationRequests;
import terrane.metasrv.procedure.Procedures;
import terrane.metasrv.procedure.Town;
import terrane.metasrv.raft.CatalogStore;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.wire.metasrv.NodeRequest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/// The documented calls over real HTTP, answers byte for byte where that is documented, and every
/// refusal: its status, its message, and that nothing was changed.
class AdminServerTest {
    private static final String ROUTE =
            "{\"type\":\"physical\",\"region_routes\":[{\"region\":{\"id\":4398046511104,"
                    + "\"name\":\"\","
                    + "\"partition\":{\"column_list\":[],\"value_list\":[\"\\\"MaxValue\\\"\"]},"
                    + "\"attrs\":{}},\"leader_peer\":{\"id\":1,\"addr\":\"datanode:4101\"},"
                    + "\"follower_peers\":[{\"id\":2,\"addr\":\"datanode:4102\"}]}],"
                    + "\"version\":2}";
    private static final String MOVE =
            "/admin/region-migration?region_id=4398046511104&from_peer_id=1&to_peer_id=2";

    private final HttpClient client = HttpClient.newHttpClient();
    private Town town;
    private Procedures procedures;
    private AdminServer server;

    /// A member as the server sees it.
    private record Here(Optional<MigrationRequests> migrations) implements AdminSource {
        @Override
        public Optional<PoisonList> poisons() {
            return Optional.empty(); // see [QuarantineTest]
        }

        @Override
        public Map<RegionId, Route.Leader> followers() {
            return Map.of(
                    Town.REGION, new Route.Leader(Town.SECOND, new Address("datanode", 4102)));
        }

        @Override
        public List<NodeList.Heard> heard() {
            var record =
                    new NodeRecord(
                            FIRST,
                            new Address("datanode", 4101),
                            new Address("datanode", 5101),
                            "0.1.0",
                            Instant.ofEpochMilli(1_000),
                            true,
                            false,
                            List.of());
            var seen =
                    new Registry.Seen(
                            FIRST,
                            Instant.ofEpochMilli(1_677_049_348_651L),
                            new NodeRequest.Load(3, 2_048));
            var region = new RegionId(4_398_046_511_104L);
            var files = new NodeRequest.Flushed(region, new WalOffset(77), 4_096, 500, List.of());
            return List.of(
                    new NodeList.Heard(
                            record,
                            seen,
                            List.of(
                                    new NodeList.RegionHeard(region, false, Optional.of(files)),
                                    new NodeList.RegionHeard(
                                            new RegionId(region.value() + 1),
                                            true,
                                            Optional.empty()))));
        }

        @Override
        public String metrics() {
            return "up 1\n";
        }

        @Override
        public Address http() {
            return new Address("10.244.0.157", 3002);
        }
    }

    /// A follower's view of the same catalog.
    private record Follower(CatalogStore store, Optional<Member> leader) implements CatalogStore {
        @Override
        public void close() {
            store.close();
        }

        @Override
        public Applied commit(Change change) throws InterruptedException {
            return store.commit(change);
        }

        @Override
        public <T> T read(Function<Catalog, T> question) {
            return store.read(question);
        }

        @Override
        public boolean awaitChange(long version, Duration atMost) throws InterruptedException {
            return store.awaitChange(version, atMost);
        }

        @Override
        public List<Member> members() {
            return store.members();
        }

        @Override
        public OptionalLong leadingTerm() {
            return OptionalLong.empty();
        }
    }

    @BeforeEach
    void serve() throws InterruptedException {
        town = Town.founded();
        procedures = town.procedures();
        procedures.start();
        server = serve(town.store, new Here(Optional.of(town.requests(procedures))));
    }

    private static AdminServer serve(CatalogStore store, AdminSource source) {
        var server = starting(Standing.Formed.UNKNOWN);
        server.serve(store, source);
        return server;
    }

    private static AdminServer starting(Standing standing) {
        return new AdminServer(new Address("127.0.0.1", 0), "1", () -> standing);
    }

    @AfterEach
    void close() {
        server.close();
        procedures.close();
        client.shutdownNow();
    }

    private HttpResponse<String> send(AdminServer to, String method, String path, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + to.port() + path))
                        .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(server, "GET", path);
    }

    private void assertRefused(String path, int status, String... words)
            throws IOException, InterruptedException {
        int before = town.store.changes().size();
        var answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).startsWith("{\"error\":{\"code\":\"TRN-").contains(words);
        assertThat(town.store.changes()).as("a refusal changes nothing").hasSize(before);
    }

    @Test
    void metasrvThatStartsSaysWhatItsFolderIsAndNothingElse() throws Exception {
        var blank = new Standing.Blank(new UUID(1, 2));
        var formed =
                new Standing.Formed(
                        new TreeMap<>(Map.of("0", new UUID(3, 4), "1", new UUID(5, 6))));
        for (var standing : List.of(blank, formed, Standing.Formed.UNKNOWN)) {
            try (var starts = starting(standing);
                    var others = new OtherMetasrvs()) {
                var here = new Address("127.0.0.1", starts.port());
                assertThat(others.ask(new Member("1", here, here, here))).contains(standing);
                assertThat(others.ask(new Member("2", here, here, here)))
                        .as("another one's answer is none")
                        .isEmpty();
                assertThat(send(starts, "GET", "/health").statusCode()).isEqualTo(503);
                assertThat(send(starts, "GET", "/admin/members").body()).contains("TRN-032");
                assertThat(send(starts, "POST", "/admin/formation").statusCode()).isEqualTo(405);
            }
        }
        assertThat(get("/admin/formation").body()).isEqualTo("{\"metasrv\":\"1\",\"formed\":{}}");
    }

    @Test
    void whatIsNoAnswerOfAMetasrvCountsAsNone() throws Exception {
        for (var text :
                List.of(
                        "",
                        "OK",
                        "[]",
                        "{\"metasrv\":\"1\"}",
                        "{\"metasrv\":\"1\",\"folder\":\"x\"}",
                        "{\"metasrv\":\"1\",\"formed\":{\"0\":7}}")) {
            assertThat(FormationDocument.parse("1", text)).as(text).isEmpty();
        }
        try (var others = new OtherMetasrvs()) {
            var nowhere = new Address("127.0.0.1", 1);
            assertThat(others.ask(new Member("1", nowhere, nowhere, nowhere))).isEmpty();
        }
    }

    @Test
    void healthAndLeaderAreText() throws IOException, InterruptedException {
        assertThat(get("/admin/health").body()).isEqualTo("OK");
        var leader = get("/admin/leader");
        assertThat(leader.body()).isEqualTo("10.244.0.157:3002");
        assertThat(leader.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
        assertThat(leader.headers().firstValue("cache-control")).contains("no-store");
        assertThat(get("/metrics").body()).isEqualTo("up 1\n");
    }

    @Test
    void routeIsTheDocumentedStringByteForByte() throws IOException, InterruptedException {
        String quoted = "\"" + ROUTE.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        assertThat(get("/admin/route?table_id=1024").body()).isEqualTo(quoted);
        assertThat(get("/admin/route?region_id=4398046511104").body()).isEqualTo(quoted);
        assertThat(get("/admin/route?catalog=greptime&schema=public&table=cpu").body())
                .isEqualTo(quoted);
        assertThat(get("/admin/route?table_id=1024&format=json").body()).isEqualTo(ROUTE);
    }

    @Test
    void routeShowsPartitionRules() throws IOException, InterruptedException {
        var low = new PartitionExpr.Comparison("host", Operator.LT, new Literal.Text("h"));
        var high = new PartitionExpr.Comparison("host", Operator.GT_EQ, new Literal.Text("h"));
        town.createTable("cut", new PartitionRule(List.of("host"), List.of(low, high)));
        assertThat(get("/admin/route?table=cut&format=json").body())
                .contains(
                        "\"partition\":{\"column_list\":[\"host\"],\"value_list\":[\"{\\\"Expr\\\":"
                            + "{\\\"lhs\\\":{\\\"Column\\\":\\\"host\\\"},\\\"op\\\":\\\"Lt\\\","
                            + "\\\"rhs\\\":{\\\"Value\\\":{\\\"String\\\":\\\"h\\\"}}}}\"]}");
    }

    @Test
    void unknownTablesAreNotFound() throws IOException, InterruptedException {
        assertRefused("/admin/route", 400, "table_id is missing", "table_id=1087");
        assertRefused("/admin/route?table_id=x", 400, "table_id is malformed");
        assertRefused("/admin/route?table_id=7", 404, "no such table: 7");
        assertRefused("/admin/route?table=nix", 404, "greptime.public.nix");
        assertRefused("/admin/route?table_id=1024&format=xml", 400, "format");
    }

    @Test
    void offsetThatIsNoneIsRefusedInWords() throws IOException, InterruptedException {
        for (var offset : List.of("x", "-3", "9999999999999999999")) {
            var call = "/admin/region/skip?region_id=4398046511104&offset=" + offset;
            var answer = send(server, "POST", call);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("TRN-001", "offset is malformed", "offset=1087");
        }
    }

    @Test
    void whatTheServerItselfRefusesIsSaidInWordsToo() throws IOException, InterruptedException {
        var large =
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/admin/x".formatted(server.port())));
        large.POST(BodyPublishers.ofString("a".repeat(100_000)));
        var answer = client.send(large.build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("TRN-001", "was not carried out");
    }

    @Test
    void migrationIsAnsweredAtOnceAndGoesOn() throws IOException, InterruptedException {
        var answer = get(MOVE + "&replay_timeout=1h30m10s");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).matches("\\{\"procedure_id\":\"[0-9a-f-]{36}\"}");
        assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
        String id = answer.body().substring(17, 53);
        org.awaitility.Awaitility.await()
                .untilAsserted(() ->
                        assertThat(get("/admin/procedure?procedure_id=" + id).body())
                                .startsWith("{\"status\":\"Done\",\"error\":null")
                                .contains("\"write_gap_ms\":null", "\"agreed\":true"));
        assertThat(get("/admin/procedures").body()).contains(id);
        assertThat(get("/admin/route?table_id=1024&format=json").body())
                .contains("\"id\":2,\"addr\":\"datanode:4102\"")
                .contains("\"version\":4");
    }

    @Test
    void waitAnswersWithTheResult() throws IOException, InterruptedException {
        assertThat(get(MOVE + "&replay_timeout=5m&wait=true").body())
                .startsWith("{\"status\":\"Done\"")
                .contains("\"predicted_gap_ms\":3.000", "\"name\":\"HandingOver\"");
        assertThat(get(MOVE + "&replay_timeout=5m").body()).isEqualTo("{\"procedure_id\":null}");
    }

    @Test
    void dryRunChangesNoRoute() throws IOException, InterruptedException {
        assertThat(get(MOVE + "&replay_timeout=5m&wait=true&dry_run=true").body())
                .startsWith("{\"status\":\"Done\"");
        assertThat(get("/admin/route?table_id=1024&format=json").body()).isEqualTo(ROUTE);
    }

    @Test
    void postTakesAForm() throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:"
                                                + server.port()
                                                + "/admin/region-migration"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                BodyPublishers.ofString(
                                        MOVE.substring(MOVE.indexOf('?') + 1)
                                                + "&replay_timeout=5m"))
                        .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body())
                .startsWith("{\"procedure_id\":\"");
    }

    @Test
    void everyParameterIsRequiredAndChecked() throws IOException, InterruptedException {
        String path = "/admin/region-migration?";
        assertRefused(path, 400, "region_id is missing", "region_id=4668629450752");
        assertRefused(path + "region_id=1", 400, "from_peer_id is missing", "from_peer_id=2");
        assertRefused(path + "region_id=1&from_peer_id=1", 400, "to_peer_id is missing");
        assertRefused(MOVE, 400, "replay_timeout is missing", "replay_timeout=5m");
        assertRefused(MOVE + "&replay_timeout=300", 400, "replay_timeout", "no unit");
        assertRefused(MOVE + "&replay_timeout=0s", 400, "replay_timeout", "longer than zero");
        assertRefused(MOVE + "&replay_timeout=5m&max_pause=50", 400, "max_pause=5m");
        assertRefused(MOVE + "&replay_timeout=5m&dry_run=yes", 400, "dry_run=true");
        assertRefused(path + "region_id=-1", 400, "region_id is malformed");
    }

    @Test
    void refusalsHaveTheirStatus() throws IOException, InterruptedException {
        String region = "/admin/region-migration?region_id=4398046511104&replay_timeout=5m";
        assertRefused(region + "&from_peer_id=1&to_peer_id=1", 400, "TRN-020");
        assertRefused(region + "&from_peer_id=1&to_peer_id=8", 404, "TRN-015", "peer_id=8");
        assertRefused(region + "&from_peer_id=3&to_peer_id=2", 409, "TRN-021", "leader_peer_id=1");
        assertRefused(
                "/admin/region-migration?region_id=7&from_peer_id=1&to_peer_id=2&replay_timeout=5m",
                404,
                "TRN-014");
        town.nodes.kill(SECOND);
        assertRefused(region + "&from_peer_id=1&to_peer_id=2", 409, "TRN-022", "not alive");
    }

    @Test
    void migratingRegionIsRefusedWithItsProcedure() throws IOException, InterruptedException {
        town.nodes.lag(1_000_000);
        String id = get(MOVE + "&replay_timeout=5m").body().substring(17, 53);
        var again = get(MOVE + "&replay_timeout=5m");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("TRN-023", id);
        var cancelled = send(server, "POST", "/admin/procedure/cancel?procedure_id=" + id);
        assertThat(cancelled.body())
                .startsWith("{\"status\":\"Cancelled\",\"error\":\"cancelled\"");
        var late = send(server, "POST", "/admin/procedure/cancel?procedure_id=" + id);
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.body()).contains("TRN-025", "too late to cancel");
    }

    @Test
    void unknownProceduresAndPathsAreNotFound() throws IOException, InterruptedException {
        assertRefused("/admin/procedure", 400, "procedure_id is missing");
        assertRefused("/admin/procedure?procedure_id=x", 400, "procedure_id is malformed");
        String unknown = "538b7476-9f79-4e50-aa9c-b1de90710839";
        assertRefused("/admin/procedure?procedure_id=" + unknown, 404, "TRN-016");
        assertRefused("/admin/drain?peer_id=1", 404, "/admin/region-migration");
        assertRefused("/admin/procedure/cancel?procedure_id=" + unknown, 405, "use POST");
    }

    @Test
    void anotherSitesRequestsAreRefused() throws IOException, InterruptedException {
        String path = MOVE + "&replay_timeout=5m";
        for (String site : List.of("cross-site", "same-site")) {
            var answer = send(server, "GET", path, "Sec-Fetch-Site", site);
            assertThat(answer.statusCode()).isEqualTo(403);
        }
        var foreign = send(server, "GET", path, "Origin", "http://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.body()).contains("TRN-026", "evil.example");
        assertThat(unfinished()).isZero();
        String own = "http://127.0.0.1:" + server.port();
        assertThat(send(server, "GET", "/admin/procedures", "Origin", own).statusCode())
                .isEqualTo(200);
    }

    @Test
    void heartbeatsAndLeasesHaveTheirKnownForm() throws IOException, InterruptedException {
        assertThat(get("/admin/heartbeat?addr=datanode:4101").body())
                .isEqualTo(
                        "[[{\"timestamp_millis\":1677049348651,\"id\":1,\"addr\":\"datanode:4101\","
                                + "\"region_num\":2,\"region_stats\":["
                                + "{\"id\":4398046511104,\"role\":\"Leader\",\"num_rows\":500,"
                                + "\"sst_size\":4096,\"flushed_entry_id\":77},"
                                + "{\"id\":4398046511105,\"role\":\"DowngradingLeader\"}],"
                                + "\"copies\":3,\"memtable_size\":2048,\"node_epoch\":1000}]]");
        assertThat(get("/admin/heartbeat?addr=nobody:1").body()).isEqualTo("[]");
        assertThat(get("/admin/node-lease").body())
                .isEqualTo(
                        "[{\"name\":{\"node_id\":1},\"human_time\":\"2023-02-22 07:02:28+0000\","
                                + "\"lease\":{\"timestamp_millis\":1677049348651,"
                                + "\"node_addr\":\"datanode:4101\"}}]");
    }

    @Test
    void memberThatDoesNotLeadPassesCallsOn() throws IOException, InterruptedException {
        var http = new Address("127.0.0.1", server.port());
        var member = new CatalogStore.Member("1", http, http, http);
        try (var other =
                serve(new Follower(town.store, Optional.of(member)), new Here(Optional.empty()))) {
            assertThat(send(other, "GET", "/admin/leader").body()).isEqualTo(http.toString());
            assertThat(send(other, "GET", MOVE + "&replay_timeout=5m&wait=true").body())
                    .startsWith("{\"status\":\"Done\"");
            var refused = send(other, "GET", MOVE);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("replay_timeout is missing");
            var again = send(other, "GET", "/admin/procedures", "Terrane-Forwarded", "1");
            assertThat(again.statusCode()).isEqualTo(503);
        }
    }

    @Test
    void withoutALeaderTheReasonIsSaid() throws IOException, InterruptedException {
        try (var alone =
                serve(new Follower(town.store, Optional.empty()), new Here(Optional.empty()))) {
            assertThat(send(alone, "GET", "/admin/health").body()).isEqualTo("OK");
            for (String path : List.of("/admin/leader", "/admin/procedures")) {
                var answer = send(alone, "GET", path);
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("TRN-031", "no metasrv leads");
            }
        }
    }

    @Test
    void proceduresOfTablesAreListedToo() throws IOException, InterruptedException {
        assertThat(get("/admin/procedures").body()).contains("\"kind\":\"region_creation\"");
        assertThat(unfinished()).isZero();
    }

    private long unfinished() {
        return town.store.read(
                catalog -> catalog.procedures().stream().filter(p -> !p.finished()).count());
    }
}
