package terrane.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Address;
import terrane.core.Randomness;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.time.SystemClock;
import terrane.core.time.Threads;
import terrane.query.select.SelectDatabase;
import terrane.wire.metasrv.ClientRequest.FlushTable;
import terrane.wire.metasrv.ClientRequest.MigrateRegion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPOutputStream;

/// Speaks HTTP to a whole frontend, behind which a fake metasrv and fake datanodes stand.
class FrontendServerTest {
    @TempDir Path folder;

    private final FakeCluster cluster = new FakeCluster();
    private final HttpClient client = HttpClient.newHttpClient();
    private FrontendServer server;

    @BeforeEach
    void start() throws InterruptedException {
        var config =
                FrontendConfig.of(
                        new Address("127.0.0.1", 0),
                        List.of(FakeCluster.METASRV),
                        new SelectDatabase.Limits(folder.resolve("spill"), 64 << 20, 1));
        server =
                new FrontendServer(
                        config, cluster, () -> {}, new SystemClock(), Randomness.system());
        assertThat(server.awaitReady(Duration.ofSeconds(10))).isTrue();
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(to(path).GET());
    }

    private HttpResponse<String> write(String lines) throws IOException, InterruptedException {
        return send(to("/v1/influxdb/write?db=public").POST(BodyPublishers.ofString(lines)));
    }

    private HttpResponse<String> sql(String sql) throws IOException, InterruptedException {
        var form = "sql=" + URLEncoder.encode(sql, StandardCharsets.UTF_8);
        return send(
                to("/v1/sql?db=public")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
    }

    /// The body without the time that it took.
    private static String output(HttpResponse<String> response) {
        return response.body()
                .replaceAll("\"execution_time_ms\":[0-9]+", "\"execution_time_ms\":0");
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(bytes);
        }
        return out.toByteArray();
    }

    private int landed(String table) {
        return cluster.table(table).orElseThrow().regions().stream()
                .flatMap(region -> cluster.log(region).stream())
                .mapToInt(entry -> entry.rows().rowCount())
                .sum();
    }

    @Test
    void healthPingAndMetricsAnswerAsClientsExpect() throws Exception {
        assertThat(get("/health").body()).contains("\"status\":\"pass\"");
        assertThat(get("/v1/influxdb/health").statusCode()).isEqualTo(200);
        assertThat(get("/ping").statusCode()).isEqualTo(204);
        assertThat(get("/v1/influxdb/ping").headers().firstValue("X-Influxdb-Version")).isPresent();
        assertThat(get("/metrics").body()).contains("terrane_frontend_rows_written_total");
    }

    @Test
    void clientsOfInfluxDb1WriteWithoutAPrefixAndLearnThatInfluxQlIsNotSpoken() throws Exception {
        var points = BodyPublishers.ofString("cpu,host=a usage=1 7");
        assertThat(send(to("/write?db=public").POST(points)).statusCode()).isEqualTo(204);
        assertThat(landed("cpu")).isEqualTo(1);
        var query = send(to("/query?q=CREATE%20DATABASE%20x").POST(BodyPublishers.noBody()));
        assertThat(query.statusCode()).isEqualTo(400);
        assertThat(query.body()).contains("/v1/sql").contains("TRN-006");
    }

    @Test
    void whatIsNotThereIsAnsweredWithWhatIs() throws Exception {
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("/nowhere").body()).contains("GET /nowhere").contains("POST /v1/sql");
        assertThat(get("/v1/influxdb/write").body()).contains("POST /v1/influxdb/write");
    }

    @Test
    void whatTheServerItselfRefusesIsSaidInWordsToo() throws Exception {
        var malformed = raw("GET /v1/sql?sql=%zz HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(malformed).startsWith("HTTP/1.1 400").contains("was not carried out");
        var large = raw("GET /health HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(50_000) + "\r\n\r\n");
        assertThat(large).contains("was not carried out").contains("TRN-001");
        var checked = raw("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(checked).as("load balancers ask so").startsWith("HTTP/1.1 200");
    }

    /// For requests that no client sends; the answer up to where its headers or its JSON ends.
    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            var end = request.startsWith("HEAD") ? "\r\n\r\n" : "}";
            var answer = new StringBuilder();
            int next = socket.getInputStream().read();
            while (next >= 0 && answer.indexOf(end) < 0) {
                answer.append((char) next);
                next = answer.indexOf(end) < 0 ? socket.getInputStream().read() : -1;
            }
            return answer.toString();
        }
    }

    @Test
    void pointsMakeTheirTable() throws Exception {
        assertThat(write("cpu,host=a usage=1.5,n=2i 7\ncpu,host=b usage=2").statusCode())
                .isEqualTo(204);
        var table = cluster.table("cpu").orElseThrow();
        assertThat(table.schema().columns())
                .extracting(Column::name)
                .containsExactly("host", "greptime_timestamp", "usage", "n");
        assertThat(table.schema().mergeMode()).isEqualTo(MergeMode.LAST_NON_NULL);
        assertThat(landed("cpu")).isEqualTo(2);
    }

    @Test
    void writerLearnsUnderWhichEpochItWasAcknowledged() throws Exception {
        var epochs = write("cpu,host=a usage=1 7").headers().firstValue("Terrane-Epochs");
        assertThat(epochs).hasValueSatisfying(text -> assertThat(text).matches("\\d+=1"));
    }

    @Test
    void newFieldsBecomeColumns() throws Exception {
        write("cpu,host=a usage=1 7");
        assertThat(write("cpu,host=a,dc=x idle=3u 8").statusCode()).isEqualTo(204);
        var schema = cluster.table("cpu").orElseThrow().schema();
        assertThat(schema.column("idle").orElseThrow().type()).isEqualTo(ColumnType.UINT64);
        assertThat(schema.tags()).extracting(Column::name).containsExactly("host", "dc");
        assertThat(landed("cpu")).isEqualTo(2);
    }

    @Test
    void everyWritePathTakesGzip() throws Exception {
        var body = gzip("m f=1 1".getBytes(StandardCharsets.UTF_8));
        for (var path :
                List.of(
                        "/v1/influxdb/write",
                        "/v1/influxdb/api/v2/write?org=o&bucket=public&precision=ns",
                        "/api/v2/write?org=o&bucket=greptime-public")) {
            var request = to(path).header("Content-Encoding", "gzip");
            request.header("Authorization", "Token ignored");
            assertThat(send(request.POST(BodyPublishers.ofByteArray(body))).statusCode())
                    .as(path)
                    .isEqualTo(204);
        }
        assertThat(landed("m")).isEqualTo(3);
    }

    @Test
    void malformedLineWritesNothingAndSaysWhere() throws Exception {
        var response = write("good f=1 1\nbad f=x 1");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("line 2, column 7: 'x' is not a value");
        assertThat(cluster.table("good")).isEmpty();
    }

    @Test
    void conflictOfTypesWritesNothingAndNamesBoth() throws Exception {
        write("cpu f=1 1");
        var response = write("new f=1 1\ncpu f=1i 2");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .contains("line 2: column 'f' of table 'cpu'", "Float64", "Int64", "TRN-004");
        assertThat(cluster.table("new")).isEmpty();
        assertThat(landed("cpu")).isEqualTo(1);
    }

    @Test
    void bombIsRefusedWithoutBeingUnpacked() throws Exception {
        var bomb = gzip(new byte[80 << 20]);
        var request = to("/v1/influxdb/write").header("Content-Encoding", "gzip");
        var response = send(request.POST(BodyPublishers.ofByteArray(bomb)));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("larger than 67108864 bytes");
        assertThat(get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void unknownDatabasePrecisionAndEncodingAreRefused() throws Exception {
        var line = BodyPublishers.ofString("m f=1");
        assertThat(send(to("/v1/influxdb/write?db=other").POST(line)).body())
                .contains("database 'other' does not exist");
        assertThat(send(to("/v1/influxdb/write?precision=y").POST(line)).body())
                .contains("unknown precision 'y'");
        var packed = to("/v1/influxdb/write").header("Content-Encoding", "br").POST(line);
        assertThat(send(packed).statusCode()).isEqualTo(400);
        var broken = to("/v1/influxdb/write").header("Content-Encoding", "gzip").POST(line);
        assertThat(send(broken).body()).contains("body is not gzip");
    }

    @Test
    void repeatedKeyWritesOnce() throws Exception {
        for (int i = 0; i < 3; i++) {
            var request = to("/v1/influxdb/write").header("Idempotency-Key", "batch 1");
            var response = send(request.POST(BodyPublishers.ofString("m f=1 1")));
            assertThat(response.statusCode()).isEqualTo(204);
        }
        assertThat(landed("m")).isEqualTo(1);
    }

    @Test
    void statementsAreAnsweredInOrder() throws Exception {
        var response =
                sql(
                        "CREATE TABLE t (host STRING, ts TIMESTAMP(3) TIME INDEX, v DOUBLE,"
                                + " PRIMARY KEY (host)); INSERT INTO t VALUES ('a', 1, 0.5), ('b',"
                                + " 2, NULL); SHOW TABLES; DESCRIBE t");
        assertThat(output(response))
                .isEqualTo(
                        """
                        {"output":[{"affectedrows":0},{"affectedrows":2},\
                        {"records":{"schema":{"column_schemas":[\
                        {"name":"Tables","data_type":"String"}]},\
                        "rows":[["t"]],"total_rows":1}},\
                        {"records":{"schema":{"column_schemas":[\
                        {"name":"Column","data_type":"String"},\
                        {"name":"Type","data_type":"String"},\
                        {"name":"Key","data_type":"String"},\
                        {"name":"Null","data_type":"String"},\
                        {"name":"Default","data_type":"String"},\
                        {"name":"Semantic Type","data_type":"String"}]},"rows":[\
                        ["host","String","PRI","YES","","TAG"],\
                        ["ts","TimestampMillisecond","PRI","NO","","TIMESTAMP"],\
                        ["v","Float64","","YES","","FIELD"]],"total_rows":3}}],\
                        "execution_time_ms":0}\
                        """);
        assertThat(landed("t")).isEqualTo(2);
    }

    @Test
    void selectAnswersRows() throws Exception {
        assertThat(output(sql("SELECT 1 AS one, 'x' AS s, NULL AS n")))
                .contains("\"rows\":[[1,\"x\",null]],\"total_rows\":1");
        assertThat(output(get("/v1/sql?sql=SELECT%202%20AS%20two"))).contains("[[2]]");
        assertThat(output(sql("SHOW DATABASES"))).contains("[\"public\"]");
        write("cpu f=1 1");
        assertThat(output(sql("SELECT table_name FROM information_schema.tables")))
                .contains("[\"cpu\"]");
    }

    @Test
    void badStatementsAreRefusedWithCodeAndMessage() throws Exception {
        for (var bad :
                List.of(
                        "SELEC 1",
                        "SELECT FROM",
                        "INSERT INTO nowhere VALUES (1)",
                        "SELECT * FROM nowhere",
                        "DROP TABLE nowhere",
                        "ADMIN fly()",
                        "ADMIN migrate_region(1)",
                        "ADMIN migrate_region(1, 2, 'x')",
                        "ADMIN migrate_region(1, 2, 3, 0)",
                        "ADMIN procedure_state('x')")) {
            var response = sql(bad);
            assertThat(response.statusCode()).as(bad).isBetween(400, 499);
            assertThat(output(response))
                    .as(bad)
                    .matches("\\{\"code\":[0-9]+,\"error\":\".+\",\"execution_time_ms\":0}");
        }
        assertThat(send(to("/v1/sql").POST(BodyPublishers.ofString("x=1"))).body())
                .contains("form field or the query parameter 'sql'");
    }

    @Test
    void adminFunctionsReachTheMetasrv() throws Exception {
        assertThat(output(sql("ADMIN migrate_region(4398046511104, 1, 2, 60)")))
                .contains("[[\"00000000-0000-0001-0000-000000000002\"]]");
        write("cpu f=1 1");
        assertThat(sql("ADMIN flush_table('cpu')").statusCode()).isEqualTo(200);
        assertThat(cluster.asked()).hasAtLeastOneElementOfType(FlushTable.class);
        assertThat(cluster.asked())
                .filteredOn(MigrateRegion.class::isInstance)
                .singleElement()
                .satisfies(request -> {
                    var migrate = (MigrateRegion) request;
                    assertThat(migrate.region().value()).isEqualTo(4398046511104L);
                    assertThat(migrate.limits().replayTimeout()).isEqualTo(Duration.ofMinutes(1));
                });
    }

    @Test
    void closingWaitsForWritesThatAreHeld() throws Exception {
        write("cpu f=1 1");
        var arrived = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        cluster.next(request -> {
            arrived.countDown();
            await().until(() -> go.getCount() == 0);
            return cluster.append(request);
        });
        var statuses = new LinkedBlockingQueue<Integer>();
        Threads.virtual(
                "writer",
                () -> {
                    try {
                        statuses.add(write("cpu f=2 2").statusCode());
                    } catch (IOException | InterruptedException e) {
                        statuses.add(-1);
                    }
                });
        arrived.await();
        var closer = Threads.virtual("closer", server::close);
        await().untilAsserted(
                        () -> assertThat(write("cpu f=3 3").body()).contains("shutting down"));
        assertThat(statuses).isEmpty();
        go.countDown();
        assertThat(statuses.take()).isEqualTo(204);
        closer.join();
    }
}
