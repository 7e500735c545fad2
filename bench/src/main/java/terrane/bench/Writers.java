package terrane.bench;

import org.HdrHistogram.Histogram;

import terrane.cli.client.SqlClient;
import terrane.core.Address;
import terrane.core.time.Clock;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Several closed-loop writers into one table, at work until [#stop].
final class Writers implements AutoCloseable {
    private final LineClient client;
    private final List<ClosedLoopWriter> writers = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Writers(Address frontend, String table, int count, int rows, Clock clock) {
        this.client = new LineClient(frontend);
        for (int i = 0; i < count; i++) {
            writers.add(new ClosedLoopWriter(client, table, i, rows, clock));
        }
    }

    void start() {
        for (var writer : writers) {
            running.add(
                    threads.submit(() -> {
                        writer.run();
                        return null;
                    }));
        }
    }

    /// Returns when the last request is answered.
    void stop() throws InterruptedException {
        writers.forEach(ClosedLoopWriter::stop);
        for (var writer : running) {
            try {
                writer.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a writer failed", e.getCause());
            }
        }
    }

    List<Acknowledgements> acknowledgements() {
        return writers.stream().map(ClosedLoopWriter::acknowledgements).toList();
    }

    Histogram latency() {
        var all = new Histogram(3);
        writers.forEach(writer -> all.add(writer.latency()));
        return all;
    }

    long failedRequests() {
        return writers.stream().mapToLong(ClosedLoopWriter::failed).sum();
    }

    /// About, of one request.
    int requestBytes() {
        return writers.getFirst().requestBytes();
    }

    /// Whether what was acknowledged is there, by the count.
    ///
    /// @param lost acknowledged rows that are not there; failed requests may hide some
    /// @param doubled rows that are there more than once
    record Count(
            long acknowledged, long failedRequests, long lost, long doubled, String firstError) {}

    /// @param table that keeps all rows, or the doubled ones would not show
    Count count(SqlClient sql, String table) throws InterruptedException {
        var row =
                sql.query(
                                "SELECT count(*), count(DISTINCT (hostname, greptime_timestamp))"
                                        + " FROM "
                                        + table)
                        .rows()
                        .getFirst();
        long there = row.get(0).asLong();
        long distinct = row.get(1).asLong();
        long acknowledged = writers.stream().mapToLong(ClosedLoopWriter::acknowledgedRows).sum();
        return new Count(
                acknowledged,
                failedRequests(),
                Math.max(0, acknowledged - distinct),
                there - distinct,
                writers.stream()
                        .map(ClosedLoopWriter::firstError)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse(""));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        client.close();
    }
}
