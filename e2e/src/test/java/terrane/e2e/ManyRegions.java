package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.TestCluster;

import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// A table of many regions that one datanode leads, and what it takes to fail them over.
final class ManyRegions {
    static final int REGIONS = 64;
    private static final int FIELDS = 10;
    private static final int ROWS_PER_REQUEST = 1_000;
    private static final int WRITERS = 4;

    /// Until a killed datanode is known to be dead, on a busy machine.
    private static final Duration DEAD_MAX = Duration.ofSeconds(60);

    /// Until everything is followed, and read, on a busy machine.
    private static final Duration FOLLOWED_MAX = Duration.ofSeconds(60);

    private static final Pattern READ_BYTES =
            Pattern.compile("^terrane_wal_read_bytes_total (\\S+)$", Pattern.MULTILINE);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestCluster cluster;
    private final Path folder;
    private final int followers;

    /// @param folder the cluster's
    /// @param followers how many each region has
    ManyRegions(TestCluster cluster, Path folder, int followers) {
        this.cluster = cluster;
        this.folder = folder;
        this.followers = followers;
    }

    void createTableOnTheFirstDatanode() throws Exception {
        for (int other : List.of(1, 2)) {
            cluster.datanode(other).kill();
        }
        await().atMost(DEAD_MAX).until(() -> alive() == 1);
        cluster.sql(ddl());
        for (int other : List.of(1, 2)) {
            cluster.restart(cluster.datanode(other));
        }
        var leaders = new Admin(cluster).route("cpu").stream().map(Admin.RegionAt::leader);
        assertThat(leaders).hasSize(REGIONS).containsOnly(Optional.of(0));
    }

    private long alive() throws IOException, InterruptedException {
        return number(
                "SELECT count(*) FROM information_schema.cluster_info WHERE peer_type ="
                        + " 'DATANODE' AND node_status = 'ALIVE'");
    }

    private String ddl() {
        var fields = new StringBuilder();
        for (int i = 0; i < FIELDS; i++) {
            fields.append("f").append(i).append(" DOUBLE, ");
        }
        var parts = new ArrayList<String>();
        for (int i = 0; i < REGIONS; i++) {
            var low = i == 0 ? "" : "host >= '%s'".formatted(host(i));
            var high = i == REGIONS - 1 ? "" : "host < '%s'".formatted(host(i + 1));
            parts.add(low + (low.isEmpty() || high.isEmpty() ? "" : " AND ") + high);
        }
        return "CREATE TABLE cpu (host STRING, %sts TIMESTAMP(3) TIME INDEX, PRIMARY KEY (host))"
                        .formatted(fields)
                + " PARTITION ON COLUMNS (host) (%s) WITH (append_mode = 'true', followers = %d)"
                        .formatted(String.join(", ", parts), followers);
    }

    private static String host(int region) {
        return "h%02d".formatted(region);
    }

    /// Writes until the log is as long as wanted.
    ///
    /// @return how many rows
    long fill(long unflushedBytes) throws Exception {
        long requests = 0;
        while (logBytes() < unflushedBytes) {
            long from = requests;
            together(
                    WRITERS,
                    writer -> {
                        for (int region = writer; region < REGIONS; region += WRITERS) {
                            write(region, from * ROWS_PER_REQUEST, ROWS_PER_REQUEST);
                        }
                        return writer;
                    });
            requests++;
        }
        return requests * REGIONS * ROWS_PER_REQUEST;
    }

    private void write(int region, long from, int count) throws Exception {
        var lines = new StringBuilder();
        for (long row = from; row < from + count; row++) {
            lines.append("cpu,host=").append(host(region)).append(' ');
            for (int i = 0; i < FIELDS; i++) {
                lines.append(i == 0 ? "" : ",").append('f').append(i).append('=');
                lines.append((row * 7 + i) / 8.0);
            }
            lines.append(' ').append(1_700_000_000_000L + row).append('\n');
        }
        var url = "http://" + cluster.frontendHttp() + "/v1/influxdb/write?precision=ms";
        var answer = cluster.calls().post(url, lines.toString(), Map.of());
        assertThat(answer.good()).as(answer.body()).isTrue();
    }

    /// Returns when every region has a follower that has read all that there is: all say so, and
    /// nothing more was read since they were asked before.
    void awaitFollowed() {
        var readBefore = new AtomicLong(-1);
        await("every region is followed")
                .atMost(FOLLOWED_MAX)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    long read = readBytes(1) + readBytes(2);
                    return readBefore.getAndSet(read) == read && caughtUp() == REGIONS;
                });
    }

    private long caughtUp() throws IOException, InterruptedException {
        return number(
                "SELECT count(*) FROM information_schema.region_peers WHERE status = 'FOLLOWER'");
    }

    /// Kills who leads them all, and writes one row to each region at once.
    ///
    /// @return after how many milliseconds each was acknowledged, the soonest first
    List<Long> killFirstDatanode() throws Exception {
        long began = System.nanoTime();
        cluster.datanode(0).kill();
        return together(
                        REGIONS,
                        region -> {
                            write(region, Integer.MAX_VALUE, 1);
                            return (System.nanoTime() - began) / 1_000_000;
                        })
                .stream()
                .sorted()
                .toList();
    }

    private interface Task<T> {
        T run(int number) throws Exception;
    }

    private static <T> List<T> together(int count, Task<T> task) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<T>>();
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.add(() -> task.run(number));
            }
            var results = new ArrayList<T>();
            for (Future<T> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        }
    }

    long logBytes() throws IOException {
        long bytes = 0;
        try (var files = Files.walk(folder.resolve("broker"))) {
            for (var file : files.filter(ManyRegions::isLog).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static boolean isLog(Path file) {
        return file.toString().matches(".*/terrane-wal[^/]*/[^/]*\\.log");
    }

    long readBytes(int peer) throws IOException, InterruptedException {
        var http =
                cell(
                        "SELECT http_addr FROM information_schema.cluster_info WHERE peer_type"
                                + " = 'DATANODE' AND peer_id = "
                                + peer);
        var metrics = cluster.calls().get("http://" + http + "/metrics").body();
        var found = READ_BYTES.matcher(metrics);
        assertThat(found.find()).as(metrics).isTrue();
        return (long) Double.parseDouble(found.group(1));
    }

    long rowCount() throws IOException, InterruptedException {
        return number("SELECT count(*) FROM cpu");
    }

    private long number(String sql) throws IOException, InterruptedException {
        return Long.parseLong(cell(sql));
    }

    private String cell(String sql) throws IOException, InterruptedException {
        return JSON.readTree(cluster.sql(sql))
                .path("output")
                .path(0)
                .path("records")
                .path("rows")
                .path(0)
                .path(0)
                .asString();
    }
}
