package terrane.cli.role;

import terrane.cli.config.Setting;
import terrane.cli.config.Settings;
import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.SystemClock;
import terrane.engine.storage.ObjectStore;
import terrane.engine.storage.ObjectStores;
import terrane.engine.storage.StorageConfig;
import terrane.engine.wal.KafkaWal;
import terrane.engine.wal.KafkaWalConfig;
import terrane.engine.wal.Wal;
import terrane.wire.GrpcTransport;
import terrane.wire.Transport;

import java.time.Duration;

/// What the roles of one process share: clock, connections, log and storage.
public record Shared(Settings settings, Clock clock, Randomness randomness, Transport transport)
        implements AutoCloseable {
    /// Small requests to storage, retries and all.
    private static final Duration STORAGE_TIMEOUT = Duration.ofSeconds(10);

    public static Shared open(Settings settings) {
        var clock = new SystemClock();
        return new Shared(settings, clock, Randomness.system(), new GrpcTransport(clock));
    }

    /// The same connections for a role with other settings.
    public Shared with(Settings other) {
        return new Shared(other, clock, randomness, transport);
    }

    /// The log, by `kafka.*`.
    public Wal wal() {
        return new KafkaWal(
                new KafkaWalConfig(
                        settings.required(Setting.KAFKA_SERVERS),
                        settings.kafkaClient(),
                        KafkaWalConfig.DELIVERY_TIMEOUT),
                clock);
    }

    /// The shared storage, by `storage.*`.
    ///
    /// @throws TerraneException.Unavailable if it does not answer
    public ObjectStore store() throws InterruptedException {
        return ObjectStores.open(storage(settings));
    }

    static StorageConfig storage(Settings settings) {
        return switch (settings.text(Setting.STORAGE_KIND)) {
            case "local" -> new StorageConfig.Folder(settings.folder(Setting.STORAGE_FOLDER));
            case "s3" ->
                    new StorageConfig.S3(
                            settings.url(Setting.S3_ENDPOINT),
                            settings.required(Setting.S3_REGION),
                            settings.required(Setting.S3_BUCKET),
                            prefix(settings.text(Setting.S3_PREFIX)),
                            settings.flag(Setting.S3_PATH_STYLE),
                            credentials(settings),
                            STORAGE_TIMEOUT);
            default ->
                    throw TerraneException.rejected(
                            ErrorCode.INVALID_ARGUMENT,
                            "storage.kind is '%s' (there are: local, s3)",
                            settings.text(Setting.STORAGE_KIND));
        };
    }

    private static String prefix(String text) {
        return text.isEmpty() || text.endsWith("/") ? text : text + "/";
    }

    private static StorageConfig.Credentials credentials(Settings settings) {
        return settings.text(Setting.S3_ACCESS_KEY).isEmpty()
                ? new StorageConfig.Credentials.Environment()
                : new StorageConfig.Credentials.KeyPair(
                        settings.required(Setting.S3_ACCESS_KEY),
                        settings.required(Setting.S3_SECRET_KEY));
    }

    @Override
    public void close() {
        transport.close();
    }
}
