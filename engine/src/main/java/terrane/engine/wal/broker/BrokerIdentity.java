package terrane.engine.wal.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Properties;

/// The id that a broker's cluster got when its directory was formatted. It tells our broker from
/// another one that happens to listen at the same port.
final class BrokerIdentity {
    private BrokerIdentity() {}

    /// @return empty if the directory is not formatted (yet)
    static Optional<String> of(BrokerSettings settings) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(settings.directory().resolve("meta.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.ofNullable(properties.getProperty("cluster.id"));
    }
}
