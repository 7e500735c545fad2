package terrane.engine.wal;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.time.Duration;
import java.util.Map;

/// How to reach Kafka.
///
/// @param bootstrapServers `host:port`, separated by commas
/// @param clientProperties given to every client as they are, for security above all; what the
///   log's safety rests on is set by [KafkaWal] and cannot be overridden
/// @param deliveryTimeout how long an append may be tried before its outcome is unknown; longer
///   than any lease, so that a node that still tries has already lost its right
public record KafkaWalConfig(
        String bootstrapServers, Map<String, String> clientProperties, Duration deliveryTimeout) {
    public static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration DELIVERY_TIMEOUT_MIN = Duration.ofSeconds(1);

    public KafkaWalConfig {
        clientProperties = Map.copyOf(clientProperties);
        if (bootstrapServers.isBlank()) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "kafka.bootstrap.servers is empty");
        }
        if (deliveryTimeout.compareTo(DELIVERY_TIMEOUT_MIN) < 0) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "delivery timeout of %s is below %s",
                    deliveryTimeout,
                    DELIVERY_TIMEOUT_MIN);
        }
    }

    /// @param bootstrapServers of a cluster without security, as our own broker is
    public static KafkaWalConfig plain(String bootstrapServers) {
        return new KafkaWalConfig(bootstrapServers, Map.of(), DELIVERY_TIMEOUT);
    }
}
