package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import terrane.core.RegionId;
import terrane.core.wal.WalRecordCodec;
import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;

/// A record in Kafka that names a region and cannot be read: that region waits and says so, another
/// of the same log goes on, and once an operator gives up exactly that record everything else is
/// there, for this leader and the next.
class PoisonE2E {
    private static final Duration POLL_MAX = Duration.ofSeconds(5);
    private static final Duration SHOWN_MAX = Duration.ofSeconds(10);
    private static final Duration FAILOVER_MAX = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void regionWaitsAtARecordThatCannotBeReadUntilAnOperatorGivesItUp() throws Exception {
        try (var cluster = TestCluster.start("poison", new StorageChoice.LocalFolder())) {
            cluster.sql(
                    "CREATE TABLE t (k STRING, v DOUBLE, ts TIMESTAMP(3) TIME INDEX, PRIMARY KEY"
                            + " (k)) PARTITION ON COLUMNS (k) (k < 'm', k >= 'm')"
                            + " WITH (followers = 1)");
            write(cluster, "a", 1);
            write(cluster, "z", 1);
            var sick = new Admin(cluster).route("t").getFirst();
            awaitStatus(cluster, sick.region(), "FOLLOWER");
            long poison = appendPoison(cluster, RegionId.parse(sick.region()));
            var follower = awaitQuarantine(cluster, "STALLED");
            assertThat(follower.path("offset").asLong()).isEqualTo(poison);
            assertThat(follower.path("peer_id").asInt()).isNotEqualTo(sick.leader().orElseThrow());
            awaitStatus(cluster, sick.region(), "STALLED");
            write(cluster, "a", 2);
            cluster.datanode(sick.leader().orElseThrow()).kill();

            var found = awaitQuarantine(cluster, "QUARANTINED");
            awaitStatus(cluster, sick.region(), "QUARANTINED");
            assertThat(found.path("region_id").asString()).isEqualTo(sick.region());
            assertThat(found.path("offset").asLong()).isEqualTo(poison);
            assertThat(found.path("reason").asString()).contains("cannot be read");
            write(cluster, "z", 2);

            assertThat(skip(cluster, sick.region(), poison + 1)).isEqualTo(400);
            assertThat(skip(cluster, sick.region(), poison)).isEqualTo(200);
            write(cluster, "a", 3);
            assertThat(cluster.sql("SELECT count(*) FROM t")).contains("[[5]]");
            await("what was given up is shown")
                    .atMost(SHOWN_MAX)
                    .until(() ->
                            quarantine(cluster)
                                            .path("given_up")
                                            .path(0)
                                            .path("offsets")
                                            .path(0)
                                            .asLong(-1)
                                    == poison);
            assertThat(quarantine(cluster).path("quarantine")).isEmpty();

            int next = new Admin(cluster).route("t").getFirst().leader().orElseThrow();
            cluster.restart(cluster.datanode(sick.leader().get()));
            cluster.datanode(next).kill();
            write(cluster, "a", 4);
            assertThat(cluster.sql("SELECT count(*) FROM t")).contains("[[6]]");
        }
    }

    private static void write(TestCluster cluster, String key, int row) throws Exception {
        var url = "http://" + cluster.frontendHttp() + "/v1/influxdb/write?precision=ms";
        var line = "t,k=%s v=%d %d".formatted(key, row, 1_700_000_000_000L + row);
        var answer = cluster.calls().post(url, line, Map.of());
        assertThat(answer.good()).as(answer.body()).isTrue();
    }

    private static int skip(TestCluster cluster, String region, long offset) throws Exception {
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        var path = "/admin/region/skip?region_id=%s&offset=%d".formatted(region, offset);
        return cluster.calls().post("http://" + leader + path, "", Map.of()).status();
    }

    private static JsonNode quarantine(TestCluster cluster) throws Exception {
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        return JSON.readTree(cluster.calls().get("http://" + leader + "/admin/quarantine").body());
    }

    private static JsonNode awaitQuarantine(TestCluster cluster, String status) {
        return await("a region waits")
                .atMost(FAILOVER_MAX)
                .until(
                        () -> quarantine(cluster).path("quarantine").path(0),
                        first -> first.path("status").asString("").equals(status));
    }

    private static void awaitStatus(TestCluster cluster, String region, String status) {
        var rows =
                "SELECT count(*) FROM information_schema.region_peers WHERE region_id = "
                        + region
                        + " AND status = '"
                        + status
                        + "'";
        await("region_peers says " + status)
                .atMost(FAILOVER_MAX)
                .until(() -> cluster.sql(rows).contains("[[1]]"));
    }

    /// The region's last rows once more, but cut off in the middle.
    private static long appendPoison(TestCluster cluster, RegionId region) throws Exception {
        var rows = lastRows(cluster, region);
        var cut = Arrays.copyOf(rows.value(), rows.value().length - 3);
        var settings = Map.<String, Object>of("bootstrap.servers", cluster.kafka());
        try (var kafka =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            var record =
                    new ProducerRecord<byte[], byte[]>(rows.topic(), rows.partition(), null, cut);
            return kafka.send(record).get().offset();
        }
    }

    private static ConsumerRecord<byte[], byte[]> lastRows(TestCluster cluster, RegionId region) {
        var settings = Map.<String, Object>of("bootstrap.servers", cluster.kafka());
        try (var kafka =
                new KafkaConsumer<>(
                        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = new ArrayList<TopicPartition>();
            kafka.listTopics()
                    .forEach((topic, parts) -> {
                        if (topic.startsWith("terrane-wal")) {
                            parts.forEach(part ->
                                    partitions.add(new TopicPartition(topic, part.partition())));
                        }
                    });
            kafka.assign(partitions);
            kafka.seekToBeginning(partitions);
            var ends = kafka.endOffsets(partitions);
            var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            Predicate<TopicPartition> unread =
                    each -> kafka.position(each) < ends.getOrDefault(each, 0L);
            while (partitions.stream().anyMatch(unread)) {
                kafka.poll(POLL_MAX)
                        .forEach(record -> {
                            if (isRowsOf(record.value(), region)) {
                                found.add(record);
                            }
                        });
            }
            assertThat(found).isNotEmpty();
            return found.getLast();
        }
    }

    private static boolean isRowsOf(byte[] record, RegionId region) {
        return WalRecordCodec.isRows(record) && WalRecordCodec.regionOf(record).equals(region);
    }
}
