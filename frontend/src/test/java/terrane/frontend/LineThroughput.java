package terrane.frontend;

import terrane.core.Address;
import terrane.core.Randomness;
import terrane.core.rows.RowBatchCodec;
import terrane.core.time.SystemClock;
import terrane.core.time.Threads;
import terrane.frontend.lineprotocol.LineParser;
import terrane.frontend.lineprotocol.PointsBinder;
import terrane.frontend.lineprotocol.Precision;
import terrane.query.select.SelectDatabase;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// A benchmark, run by hand: how many rows of the TSBS cpu-only shape (10 tags, 10 fields) a
/// frontend takes. First parsing and encoding alone, on one thread; then over HTTP by two clients,
/// with datanodes that answer at once, so that everything but them is measured.
final class LineThroughput {
    private static final int ROWS = 5_000;
    private static final int ROUNDS = 6;
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final SystemClock CLOCK = new SystemClock();

    private LineThroughput() {}

    public static void main(String[] args) throws Exception {
        byte[] body = body();
        System.out.printf("%d bytes a row%n", body.length / ROWS);
        for (int round = 0; round < ROUNDS; round++) {
            print("parse and encode", body, rowsIn(() -> encode(body)));
        }
        overHttp(body);
        System.exit(0);
    }

    private static byte[] body() {
        var random = new SplittableRandom(7);
        var text = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            int host = i % 1_000;
            text.append("cpu,hostname=host_").append(host);
            text.append(",region=eu-central-").append(host % 9);
            text.append(",datacenter=eu-central-1").append((char) ('a' + host % 3));
            text.append(",rack=").append(host % 97).append(",os=Ubuntu16.04LTS,arch=x64,team=SF");
            text.append(",service=").append(host % 19).append(",service_version=").append(host % 2);
            text.append(",service_environment=production ");
            for (int field = 0; field < 10; field++) {
                text.append(field == 0 ? "" : ",").append("usage_metric_").append(field);
                text.append('=').append(random.nextInt(1_000_000) / 10_000.0);
            }
            text.append(' ').append(1_451_606_400_000_000_000L + i / 1_000 * 10_000_000_000L);
            text.append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void encode(byte[] body) {
        for (var points : LineParser.parse(body, body.length, Precision.NANOSECONDS, 0)) {
            PointsBinder.bind(points, PointsBinder.newSchema(points))
                    .forEach(RowBatchCodec::encode);
        }
    }

    private static double rowsIn(Runnable request) {
        long began = CLOCK.nanos();
        long end = CLOCK.nanosAfter(ROUND);
        long count = 0;
        while (!CLOCK.passed(end)) {
            request.run();
            count++;
        }
        return count * (double) ROWS / (CLOCK.nanos() - began) * 1e9;
    }

    private static void print(String what, byte[] body, double rowsPerSecond) {
        System.out.printf(
                "%s: %.0f rows/s, %.0f MB/s%n",
                what, rowsPerSecond, rowsPerSecond * body.length / ROWS / 1e6);
    }

    private static void overHttp(byte[] body) throws Exception {
        var folder = Files.createTempDirectory("throughput");
        var config =
                FrontendConfig.of(
                        new Address("127.0.0.1", 0),
                        List.of(FakeCluster.METASRV),
                        new SelectDatabase.Limits(folder, 64 << 20, 1));
        var cluster = new FakeCluster().forgetful();
        var server = new FrontendServer(config, cluster, () -> {}, CLOCK, Randomness.system());
        server.awaitReady(Duration.ofSeconds(10));
        var uri = URI.create("http://127.0.0.1:%d/v1/influxdb/write".formatted(server.port()));
        for (int round = 0; round < ROUNDS; round++) {
            var total = new AtomicLong();
            var clients = new ArrayList<Thread>();
            for (int client = 0; client < 2; client++) {
                clients.add(
                        Threads.virtual(
                                "client",
                                () -> total.addAndGet((long) rowsIn(() -> post(uri, body)))));
            }
            for (var client : clients) {
                client.join();
            }
            print("two clients over http", body, (double) total.get());
        }
        server.close();
    }

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static void post(URI uri, byte[] body) {
        try {
            var request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(body));
            var response = CLIENT.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 204) {
                throw new IllegalStateException(response.body());
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("request failed", e);
        }
    }
}
