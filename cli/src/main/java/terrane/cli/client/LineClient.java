package terrane.cli.client;

import terrane.core.Address;
import terrane.core.TerraneException;

import java.time.Duration;
import java.util.Map;

/// Writes line protocol to a frontend.
public final class LineClient implements AutoCloseable {
    /// Longer than a frontend holds a write.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

    private final Http http;

    public LineClient(Address frontend) {
        this.http = new Http(frontend, "the frontend is gone");
    }

    /// Blocks until the lines are acknowledged.
    ///
    /// @throws TerraneException if they are not, or not all of them
    public void write(String lines) throws InterruptedException {
        var answer = http.postText("/v1/influxdb/write", Map.of("db", "public"), lines, ANSWER_MAX);
        if (!answer.good()) {
            throw SqlClient.failure(answer.status(), answer.body());
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
