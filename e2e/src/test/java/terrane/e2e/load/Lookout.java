package terrane.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;

import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.Calls;
import terrane.e2e.cluster.TestCluster;

import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/// One writer and one reader for each region of a table of its own, a region for each datanode, who
/// keep what they are told and how long they waited for it, for as long as something is broken.
///
/// A write that was refused is not repeated, so that it can be seen later that it was not made.
public final class Lookout implements AutoCloseable {
    public static final String TABLE = "lookout";

    /// One in each region.
    private static final List<String> HOSTS = List.of("a", "i", "q");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final TestCluster cluster;
    private final Pauses pauses = new Pauses();
    private final List<Told> told = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopping;

    private Lookout(TestCluster cluster) {
        this.cluster = cluster;
    }

    /// What one request was told.
    ///
    /// @param region number of the region in the table
    /// @param serial of the row that was written; of a read nothing
    /// @param beganNanos on the clock of `System.nanoTime`
    public record Told(
            int region,
            boolean wrote,
            long serial,
            long beganNanos,
            Duration after,
            Calls.Answer answer) {
        public boolean good() {
            return answer.good();
        }

        /// Whether nothing was done, and it is said why.
        public boolean isRefused() {
            return answer.status() == 503 && answer.body().contains("TRN-0");
        }

        /// Whether it is said that nobody knows.
        public boolean isUncertain() {
            return answer.status() == 500 && answer.body().contains("TRN-040");
        }
    }

    /// Makes the table and starts the clients.
    public static Lookout start(TestCluster cluster) throws IOException, InterruptedException {
        cluster.sql(
                """
                CREATE TABLE %s (host STRING, ts TIMESTAMP(3) TIME INDEX, serial BIGINT,
                PRIMARY KEY (host)) PARTITION ON COLUMNS (host)
                (host < 'h', host >= 'h' AND host < 'p', host >= 'p') WITH (append_mode = 'true')\
                """
                        .formatted(TABLE));
        var lookout = new Lookout(cluster);
        for (int i = 0; i < HOSTS.size(); i++) {
            int region = i;
            lookout.running.add(lookout.clients.submit(() -> lookout.writeOn(region)));
            lookout.running.add(lookout.clients.submit(() -> lookout.readOn(region)));
        }
        return lookout;
    }

    /// Who leads each region; each by another datanode as long as nobody has moved them.
    public List<Admin.RegionAt> regions() {
        return new Admin(cluster).route(TABLE);
    }

    private @Nullable Void writeOn(int region) throws IOException, InterruptedException {
        for (long serial = 1; !stopping; serial++) {
            long began = System.nanoTime();
            var answer = write(region, serial);
            var after = Duration.ofNanos(System.nanoTime() - began);
            told.add(new Told(region, true, serial, began, after, answer));
            pauses.sleep(PACE);
        }
        return null;
    }

    private Calls.Answer write(int region, long serial) throws IOException, InterruptedException {
        var host = HOSTS.get(region);
        return cluster.calls()
                .post(
                        "http://" + cluster.frontendHttp() + "/api/v2/write?precision=ms",
                        "%s,host=%s serial=%di %d"
                                .formatted(TABLE, host, serial, EPOCH_MILLIS + serial),
                        Map.of("Idempotency-Key", "%s-%s-%d".formatted(TABLE, host, serial)));
    }

    private @Nullable Void readOn(int region) throws IOException, InterruptedException {
        var sql = "SELECT count(*) FROM %s WHERE host = '%s'".formatted(TABLE, HOSTS.get(region));
        while (!stopping) {
            long began = System.nanoTime();
            var answer = cluster.calls().sql(cluster.frontendHttp(), sql, Map.of());
            var after = Duration.ofNanos(System.nanoTime() - began);
            told.add(new Told(region, false, 0, began, after, answer));
            pauses.sleep(PACE);
        }
        return null;
    }

    /// All that was asked then or later and is answered.
    ///
    /// @param beganNanos on the clock of `System.nanoTime`
    public List<Told> since(long beganNanos) {
        synchronized (told) {
            return told.stream().filter(each -> each.beganNanos() - beganNanos >= 0).toList();
        }
    }

    /// Waits until every region has been written to and read once more.
    ///
    /// @return how long that took
    public Duration awaitAllGood(Duration atMost) {
        long began = System.nanoTime();
        await("every region is written to and read")
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(100))
                .until(() ->
                        since(began).stream()
                                        .filter(Told::good)
                                        .map(each -> List.of(each.region(), each.wrote()))
                                        .distinct()
                                        .count()
                                == 2L * HOSTS.size());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// Lets the clients finish what they do. What was acknowledged is there once, and what was
    /// refused is not.
    public void finishClean() throws IOException, InterruptedException, ExecutionException {
        stopping = true;
        for (var client : running) {
            client.get();
        }
        var there = there();
        assertThat(there.keySet()).as("rows that nobody wrote").isSubsetOf(serials(_ -> true));
        assertThat(there.keySet()).containsAll(serials(Told::good));
        assertThat(there.keySet()).doesNotContainAnyElementsOf(serials(Told::isRefused));
        assertThat(there.values()).as("rows that are doubled: %s", there).containsOnly(1L);
        assertThat(told).allMatch(each -> each.good() || each.isRefused() || each.isUncertain());
    }

    private interface Which {
        boolean is(Told told);
    }

    private Set<String> serials(Which which) {
        synchronized (told) {
            return told.stream()
                    .filter(each -> each.wrote() && which.is(each))
                    .map(each -> HOSTS.get(each.region()) + each.serial())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Map<String, Long> there() throws IOException, InterruptedException {
        var there = new TreeMap<String, Long>();
        var body = cluster.sql("SELECT host, serial FROM " + TABLE);
        for (var row : JSON.readTree(body).path("output").path(0).path("records").path("rows")) {
            there.merge(row.path(0).asString() + row.path(1).asLong(), 1L, Long::sum);
        }
        return there;
    }

    @Override
    public void close() {
        stopping = true;
        clients.shutdownNow();
        clients.close();
    }
}
