package terrane.cli.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.ClusterId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.SystemClock;
import terrane.engine.wal.broker.BrokerProcess;
import terrane.engine.wal.broker.BrokerSettings;
import terrane.metasrv.wal.KafkaWalTopics;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Makes, checks and prunes topics on the broker that comes along.
@Timeout(180)
class KafkaWalTopicsIT {
    private static final SystemClock CLOCK = new SystemClock();

    @TempDir static Path folder;
    private static BrokerProcess broker;
    private static Map<String, Object> client;
    private static Admin admin;

    @BeforeAll
    static void start() throws InterruptedException {
        broker =
                BrokerProcess.start(
                        BrokerSettings.onFreePorts(folder.resolve("data")),
                        BrokerMain.class.getName(),
                        folder.resolve("broker.log"),
                        CLOCK);
        client = Map.of("bootstrap.servers", broker.address().toString());
        admin = Admin.create(client);
    }

    @AfterAll
    static void stop() {
        admin.close(Duration.ZERO);
        broker.close();
    }

    private static ClusterId cluster(long number) {
        return new ClusterId(new UUID(number << 32, 1));
    }

    @Test
    void topicsAreMadeOnceAndFoundAgain() throws Exception {
        try (var topics = new KafkaWalTopics(client, 3, CLOCK)) {
            var made = topics.prepare(cluster(1));
            assertThat(made)
                    .containsExactly(
                            new WalPartition("terrane-wal-00000001-0", 0),
                            new WalPartition("terrane-wal-00000001-1", 0),
                            new WalPartition("terrane-wal-00000001-2", 0));
            assertThat(topics.prepare(cluster(1))).isEqualTo(made);
        }
    }

    @Test
    void topicThatWouldForgetIsRefused() throws Exception {
        try (var topics = new KafkaWalTopics(client, 1, CLOCK)) {
            var wal = topics.prepare(cluster(2)).getFirst();
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, wal.topic());
            var day = new ConfigEntry("retention.ms", "86400000");
            admin.incrementalAlterConfigs(
                            Map.of(
                                    resource,
                                    List.of(new AlterConfigOp(day, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            assertThatThrownBy(() -> topics.prepare(cluster(2)))
                    .isInstanceOf(TerraneException.Rejected.class)
                    .hasMessageContaining("retention.ms is 86400000, set it to -1");
        }
    }

    @Test
    void pruningForgetsWhatLiesBelowAndNothingElse() throws Exception {
        try (var topics = new KafkaWalTopics(client, 1, CLOCK)) {
            var wal = topics.prepare(cluster(3)).getFirst();
            append(wal, 10);
            var floors = new TreeMap<>(Map.of(wal, new WalOffset(4)));
            topics.prune(floors);
            assertThat(earliest(wal)).isEqualTo(4);
            topics.prune(floors);
            topics.prune(new TreeMap<>(Map.of(wal, new WalOffset(2))));
            assertThat(earliest(wal)).isEqualTo(4);
        }
    }

    private static void append(WalPartition wal, int records) throws Exception {
        var bytes = new ByteArraySerializer();
        try (var producer = new KafkaProducer<>(client, bytes, bytes)) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(wal.topic(), new byte[] {1})).get();
            }
        }
    }

    private static long earliest(WalPartition wal) throws Exception {
        var partition = new TopicPartition(wal.topic(), wal.partition());
        return admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition)
                .get()
                .offset();
    }
}
