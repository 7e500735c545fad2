package terrane.metasrv.wal;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import terrane.core.ClusterId;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/// The WAL's topics on a Kafka cluster: `terrane-wal-<first eight digits of the cluster id>-<n>`,
/// one partition each.
public final class KafkaWalTopics implements WalTopics {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    /// Long enough for a topic that was just made to be known to every broker.
    private static final int LOOKS_MAX = 50;

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Admin admin;
    private final int count;
    private final Clock clock;

    /// @param properties a Kafka client's own: bootstrap servers, security
    /// @param count how many topics regions are spread over
    public KafkaWalTopics(Map<String, Object> properties, int count, Clock clock) {
        this.admin = Admin.create(properties);
        this.count = count;
        this.clock = clock;
    }

    @Override
    public List<WalPartition> prepare(ClusterId cluster) throws InterruptedException {
        var names = names(cluster, count);
        int brokers = await(admin.describeCluster().nodes()).size();
        var missing = new ArrayList<>(names);
        missing.removeAll(await(admin.listTopics().names()));
        if (!missing.isEmpty()) {
            create(missing, brokers);
        }
        for (var topic : names) {
            check(topic, brokers);
        }
        return names.stream().map(name -> new WalPartition(name, 0)).toList();
    }

    static List<String> names(ClusterId cluster, int count) {
        String prefix = cluster.toString().substring(0, 8);
        return IntStream.range(0, count).mapToObj(n -> "terrane-wal-" + prefix + "-" + n).toList();
    }

    private void create(List<String> names, int brokers) throws InterruptedException {
        short copies = (short) Math.min(3, brokers);
        var topics =
                names.stream()
                        .map(name -> new NewTopic(name, 1, copies).configs(settings(brokers)))
                        .toList();
        for (var made : admin.createTopics(topics).values().values()) {
            try {
                await(made);
            } catch (TerraneException.Unavailable e) {
                // Another leader made it a moment ago: what it is like is checked below.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    /// What topics of ours are made with.
    static Map<String, String> settings(int brokers) {
        var settings = new TreeMap<String, String>();
        settings.put("cleanup.policy", "delete");
        settings.put("retention.ms", "-1");
        settings.put("retention.bytes", "-1");
        // Pruning frees whole segments only.
        settings.put("segment.bytes", Integer.toString(64 << 20));
        // Twice the largest record, so that a batch never stalls at the broker.
        settings.put("max.message.bytes", Integer.toString(WalTopicRules.MESSAGE_BYTES_MIN));
        settings.put("unclean.leader.election.enable", "false");
        if (brokers == 1) {
            // Acknowledged means on disk; several brokers have copies of each other instead.
            settings.put("flush.messages", "1");
            // Each flush writes the indexes too; with an entry for every 64 KiB, and room for those
            // of a whole segment, an append of 7 KB takes 0.70 ms and not 0.85.
            settings.put("index.interval.bytes", Integer.toString(64 << 10));
            settings.put("segment.index.bytes", Integer.toString(64 << 10));
        } else {
            settings.put("min.insync.replicas", "2");
        }
        return settings;
    }

    private void check(String topic, int brokers) throws InterruptedException {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var partitions = look(topic);
        var settings = new TreeMap<String, String>();
        for (var config : await(admin.describeConfigs(List.of(resource)).all()).values()) {
            for (var entry : config.entries()) {
                Optional.ofNullable(entry.value())
                        .ifPresent(value -> settings.put(entry.name(), value));
            }
        }
        WalTopicRules.check(topic, settings, partitions, brokers);
    }

    /// @return how many copies each partition has
    private List<Integer> look(String topic) throws InterruptedException {
        for (int i = 1; ; i++) {
            try {
                return await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .map(partition -> partition.replicas().size())
                        .toList();
            } catch (TerraneException.Unavailable e) {
                boolean unknown = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!unknown || i == LOOKS_MAX) {
                    throw e;
                }
                clock.sleep(LOOK_EVERY);
            }
        }
    }

    @Override
    public void prune(SortedMap<WalPartition, WalOffset> floors) throws InterruptedException {
        var deletions = new TreeMap<WalPartition, KafkaFuture<?>>();
        floors.forEach((wal, floor) -> {
            var partition = new TopicPartition(wal.topic(), wal.partition());
            var below = RecordsToDelete.beforeOffset(floor.value());
            deletions.put(
                    wal,
                    admin.deleteRecords(Map.of(partition, below)).lowWatermarks().get(partition));
        });
        for (var deletion : deletions.values()) {
            try {
                await(deletion);
            } catch (TerraneException.Unavailable e) {
                // An earlier leader has pruned further than this one knew.
                if (!(e.getCause() instanceof OffsetOutOfRangeException)) {
                    throw e;
                }
            }
        }
    }

    private <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return clock.get(future, ANSWER_MAX);
        } catch (ExecutionException e) {
            throw unavailable(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw unavailable(e);
        }
    }

    private static TerraneException.Unavailable unavailable(Throwable cause) {
        return new TerraneException.Unavailable(
                ErrorCode.WAL_UNAVAILABLE,
                "kafka does not do what the metasrv asks: " + cause,
                Duration.ofSeconds(1),
                cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
