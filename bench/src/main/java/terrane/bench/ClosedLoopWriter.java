package terrane.bench;

import org.HdrHistogram.Histogram;

import terrane.core.Randomness;
import terrane.core.time.Clock;

import java.util.Optional;

/// A client that writes one batch after the other, each when the one before it was answered, until
/// it is told to stop. What it counted is to be read when [#run] has returned.
final class ClosedLoopWriter {
    private static final long FIRST_MILLIS = 1_700_000_000_000L;

    private final LineClient client;
    private final CpuBatch batch;
    private final Clock clock;
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private final Histogram latency = new Histogram(3);
    private volatile boolean stopping;
    private long failed;
    private Optional<String> firstError = Optional.empty();

    /// @param table must not be there for anybody else
    ClosedLoopWriter(LineClient client, String table, int number, int rows, Clock clock) {
        this.client = client;
        this.batch = new CpuBatch(table, number, rows, Randomness.system());
        this.clock = clock;
    }

    void run() {
        for (long request = 0; !stopping; request++) {
            long began = clock.nanos();
            var answer = client.write(batch.at(FIRST_MILLIS + request));
            long ended = clock.nanos();
            if (answer.good()) {
                acknowledgements.add(ended, answer.epoch());
                latency.recordValue(ended - began);
            } else {
                failed++;
                firstError = firstError.or(() -> Optional.of(answer.error()));
            }
        }
    }

    void stop() {
        stopping = true;
    }

    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    Histogram latency() {
        return latency;
    }

    long acknowledgedRows() {
        return (long) acknowledgements.size() * batch.rows();
    }

    int requestBytes() {
        return batch.bytes();
    }

    /// Requests, each of which may or may not have been written.
    long failed() {
        return failed;
    }

    Optional<String> firstError() {
        return firstError;
    }
}
