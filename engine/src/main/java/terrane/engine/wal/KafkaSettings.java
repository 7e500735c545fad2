package terrane.engine.wal;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// The settings of Kafka's clients, with the reason for each that is not the default.
final class KafkaSettings {
    /// What a single request may take: a third of the delivery timeout, so that a lost connection
    /// leaves time for two more tries.
    private static final int TRIES = 3;

    /// A caller that sends waits for this long at the very most; metadata is there and memory is
    /// bounded before, so it does not wait at all.
    static final Duration BLOCK_MAX = Duration.ofMillis(50);

    /// Small records share a batch up to here; at most six batches are open at a time.
    private static final int BATCH_BYTES = 128 << 10;

    /// The bytes in flight that we allow ([KafkaAppender#IN_FLIGHT_BYTES_MAX], 16 MiB), and as much
    /// again for what Kafka adds and rounds up.
    private static final long BUFFER_BYTES = 2L * KafkaAppender.IN_FLIGHT_BYTES_MAX;

    /// Replay ran at 384 MB/s with these and at 323 MB/s with the defaults. A reader that lags
    /// holds two answers: 32 MiB.
    private static final int FETCH_BYTES = 16 << 20;

    private static final int PARTITION_FETCH_BYTES = 8 << 20;

    private static final int RECORDS_PER_POLL_MAX = 4_096;

    /// Long enough to be no load, short enough to be back soon after a broker is.
    private static final int RECONNECT_MILLIS = 20;

    private static final int RECONNECT_MAX_MILLIS = 250;

    private KafkaSettings() {}

    static Map<String, Object> producer(KafkaWalConfig config) {
        var settings = common(config);
        int deliveryMillis = (int) config.deliveryTimeout().toMillis();
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE); // until the timeout
        // What arrives while a request is out goes with the next one, and shares its fsync.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMillis);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deliveryMillis / TRIES);
        settings.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, RECONNECT_MILLIS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MAX.toMillis());
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"); // batches are compact already
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * Wal.Producer.RECORD_BYTES_MAX);
        // A topic that was not written for a while must not cost the next write a round trip.
        settings.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(365).toMillis());
        return settings;
    }

    static Map<String, Object> consumer(KafkaWalConfig config) {
        var settings = common(config);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic"); // no thread of its own
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"); // pruned must throw
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_POLL_MAX);
        settings.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1); // as the kernel tunes it
        settings.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, RECONNECT_MILLIS);
        return settings;
    }

    static Map<String, Object> admin(KafkaWalConfig config, Duration atMost) {
        var settings = common(config);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) atMost.toMillis());
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) atMost.toMillis());
        settings.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, RECONNECT_MILLIS);
        return settings;
    }

    private static Map<String, Object> common(KafkaWalConfig config) {
        var settings = new HashMap<String, Object>(config.clientProperties());
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, RECONNECT_MILLIS);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX_MILLIS);
        settings.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, "terrane");
        return settings;
    }
}
