package terrane.cli.client;

import terrane.core.Address;
import terrane.core.TerraneException;

import java.time.Duration;
import java.util.Map;

/// Whether a node serves, as its `/health` says.
public final class Health implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final Http http;

    public Health(Address address) {
        this.http = new Http(address, "it does not listen (yet)");
    }

    /// False also if nobody answers.
    public boolean good() throws InterruptedException {
        try {
            return http.get("/health", Map.of(), ANSWER_MAX).good();
        } catch (TerraneException e) {
            return false;
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
