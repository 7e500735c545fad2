package terrane.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import terrane.cli.client.SqlClient;
import terrane.core.time.Clock;

import tools.jackson.databind.ObjectMapper;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/// `terrane bench ingest`.
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description =
                "Writes line protocol in the TSBS cpu-only shape, each client one request after the"
                        + " other, and counts the rows that are acknowledged in a second.")
final class IngestCommand implements Callable<Integer> {
    private static final String TABLE = "bench_ingest";
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final double NANOS_PER_SECOND = 1e9;

    @Mixin private BenchedCluster cluster = new BenchedCluster();

    @Option(names = "--clients", paramLabel = "N", description = "default 2")
    private int clients = 2;

    @Option(names = "--rows", paramLabel = "N", description = "in each request; default 5000")
    private int rows = 5_000;

    @Option(names = "--seconds", paramLabel = "N", description = "default 20")
    private int seconds = 20;

    @Option(names = "--json", description = "for scripts")
    private boolean json;

    /// @param write how long requests took, in milliseconds
    private record Report(
            double rowsPerSecond, double mebibytesPerSecond, Figures write, long failedRequests) {}

    @Override
    public Integer call() throws InterruptedException {
        try (var opened = cluster.open();
                var sql = new SqlClient(opened.frontend())) {
            sql.run("DROP TABLE IF EXISTS " + TABLE, "public");
            warmUp(opened);
            var report = measure(opened);
            print(report);
            return report.failedRequests() == 0 ? 0 : 1;
        }
    }

    private void warmUp(BenchedCluster.Opened opened) throws InterruptedException {
        try (var writers = writers(opened)) {
            writers.start();
            opened.clock().sleep(WARM_UP);
            writers.stop();
        }
    }

    private Writers writers(BenchedCluster.Opened opened) {
        return new Writers(opened.frontend(), TABLE, clients, rows, opened.clock());
    }

    private Report measure(BenchedCluster.Opened opened) throws InterruptedException {
        Clock clock = opened.clock();
        try (var writers = writers(opened)) {
            long began = clock.nanos();
            writers.start();
            clock.sleep(Duration.ofSeconds(seconds));
            writers.stop();
            double took = (clock.nanos() - began) / NANOS_PER_SECOND;
            double requests =
                    writers.acknowledgements().stream().mapToLong(Acknowledgements::size).sum();
            return new Report(
                    requests * rows / took,
                    requests * writers.requestBytes() / took / (1 << 20),
                    Figures.of(writers.latency()),
                    writers.failedRequests());
        }
    }

    private void print(Report report) {
        if (json) {
            System.out.println(new ObjectMapper().writeValueAsString(report));
            return;
        }
        System.out.println(
                String.format(
                        Locale.ROOT,
                        "%,.0f rows/s acknowledged (%.1f MiB/s), %d clients, %d rows a request;"
                                + " a request took p50 %.1f ms, p99 %.1f ms; failed %d",
                        report.rowsPerSecond(),
                        report.mebibytesPerSecond(),
                        clients,
                        rows,
                        report.write().p50(),
                        report.write().p99(),
                        report.failedRequests()));
    }
}
