package terrane.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import terrane.e2e.cluster.Calls;
import terrane.e2e.cluster.TestCluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Single writes into a table of its own, to look at what a client is told while something is
/// broken, and for how long it waits for that.
public final class Probe {
    /// Beyond the frontend's own bound: the answer's way over a busy machine.
    private static final Duration SLACK = Duration.ofSeconds(5);

    /// Until memory or a disk is full, and the time of a write.
    private static final Duration FAILURE_MAX = Duration.ofSeconds(90);

    private static final Duration BACK_MAX = Duration.ofSeconds(60);

    private final TestCluster cluster;
    private final AtomicLong serial = new AtomicLong();

    /// Makes the table.
    public Probe(TestCluster cluster) throws IOException, InterruptedException {
        this.cluster = cluster;
        cluster.sql(
                "CREATE TABLE probe (host STRING, ts TIMESTAMP(3) TIME INDEX, text STRING,"
                        + " PRIMARY KEY (host)) WITH (append_mode = 'true')");
    }

    /// What one write was told, and how long that took.
    public record Told(Calls.Answer answer, Duration after) {}

    public Told write() throws IOException, InterruptedException {
        return write("x");
    }

    /// @param text of the one row
    public Told write(String text) throws IOException, InterruptedException {
        long now = serial.incrementAndGet();
        long began = System.nanoTime();
        var answer =
                cluster.calls()
                        .post(
                                "http://" + cluster.frontendHttp() + "/api/v2/write?precision=ms",
                                "probe,host=a text=\"%s\" %d"
                                        .formatted(text, 1_700_000_000_000L + now),
                                Map.of("Idempotency-Key", "probe-" + now));
        return new Told(answer, Duration.ofNanos(System.nanoTime() - began));
    }

    /// Writes until one is told within its bound that it was not, or perhaps not, carried out.
    ///
    /// @param text of each
    /// @param writeTimeout of the frontend
    public Told awaitFailure(String text, Duration writeTimeout) {
        var told =
                await("a write that fails")
                        .atMost(FAILURE_MAX)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> write(text), each -> !each.answer().good());
        assertThat(told.after()).as("%s", told).isLessThan(writeTimeout.plus(SLACK));
        assertThat(told.answer().status()).as("%s", told).isBetween(500, 503);
        assertThat(told.answer().body()).startsWith("{").contains("\"message\":\"", "TRN-0");
        return told;
    }

    /// Writes until one is acknowledged, all by itself.
    ///
    /// @return how long that took
    public Duration awaitSuccess() {
        long began = System.nanoTime();
        await("a write that is acknowledged")
                .atMost(BACK_MAX)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> write().answer().good());
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
