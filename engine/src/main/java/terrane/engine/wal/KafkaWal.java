package terrane.engine.wal;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// The log on Apache Kafka, of our own broker or of any cluster. Safe for many threads.
public final class KafkaWal implements Wal {
    /// For questions to the brokers; a broker that was killed is back within a few seconds.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    private final KafkaWalConfig config;
    private final Clock clock;
    private final InFlight nodeInFlight = new InFlight(KafkaAppender.NODE_IN_FLIGHT_BYTES_MAX);

    /// Questions that are not answered yet: one for each topic.
    private final ConcurrentHashMap<String, KafkaFuture<TopicDescription>> asked =
            new ConcurrentHashMap<>();

    private @Nullable Admin admin; // made when first needed
    private boolean closed;

    public KafkaWal(KafkaWalConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /// Blocks until the topic's metadata is here, at most a few seconds, so that no send has to.
    ///
    /// @throws TerraneException.Unavailable if the log does not answer or has no such partition
    @Override
    public Producer producer(WalPartition partition) {
        KafkaProducer<byte[], byte[]> producer;
        try {
            producer = new KafkaProducer<>(KafkaSettings.producer(config));
        } catch (KafkaException e) {
            throw unavailable("cannot make a producer: partition=" + partition, e);
        }
        try {
            awaitMetadata(producer, partition);
        } catch (RuntimeException e) {
            Threads.virtual("wal-close", () -> producer.close(Duration.ZERO));
            throw e;
        }
        return new KafkaAppender(producer, partition, nodeInFlight);
    }

    private void awaitMetadata(KafkaProducer<byte[], byte[]> producer, WalPartition partition) {
        long deadlineNanos = clock.nanosAfter(ANSWER_MAX);
        while (true) {
            try {
                int partitions = producer.partitionsFor(partition.topic()).size();
                if (partition.partition() < partitions) {
                    return;
                }
                throw TerraneException.unavailable(
                        ErrorCode.WAL_UNAVAILABLE,
                        "no such partition: partition=%s partitions=%d",
                        partition,
                        partitions);
            } catch (TimeoutException e) {
                if (clock.passed(deadlineNanos)) {
                    throw unavailable("topic is unknown or no broker answers: " + partition, e);
                }
            } catch (InterruptException e) { // it has set the thread's interrupt again
                throw new TerraneException.Unavailable(
                        ErrorCode.SHUTTING_DOWN, "interrupted", Duration.ZERO, e);
            } catch (KafkaException e) {
                throw unavailable("cannot make a producer: partition=" + partition, e);
            }
        }
    }

    @Override
    public Reader reader(WalPartition partition, WalOffset from) {
        try {
            var consumer = new KafkaConsumer<byte[], byte[]>(KafkaSettings.consumer(config));
            return new KafkaTail(consumer, partition, from);
        } catch (KafkaException e) {
            throw unavailable("cannot make a reader: partition=" + partition, e);
        }
    }

    @Override
    public WalOffset end(WalPartition partition) throws InterruptedException {
        var at = new TopicPartition(partition.topic(), partition.partition());
        var listed = admin().listOffsets(Map.of(at, OffsetSpec.latest())).partitionResult(at);
        return new WalOffset(answer(listed, "end of " + partition).offset());
    }

    /// Whoever asks while a question for the same topic is not answered yet shares its answer: the
    /// regions of a failover come all at once, and one answer takes some ten milliseconds.
    @Override
    public String topicId(String topic) throws InterruptedException {
        var description = asked.computeIfAbsent(topic, this::describe);
        try {
            return answer(description, "id of " + topic).topicId().toString();
        } finally {
            asked.remove(topic, description);
        }
    }

    private KafkaFuture<TopicDescription> describe(String topic) {
        var described = admin().describeTopics(List.of(topic)).topicNameValues().get(topic);
        if (described == null) {
            throw TerraneException.unavailable(ErrorCode.WAL_UNAVAILABLE, "no topic %s", topic);
        }
        return described;
    }

    private <T> T answer(KafkaFuture<T> future, String what) throws InterruptedException {
        try {
            return clock.get(future.toCompletionStage().toCompletableFuture(), ANSWER_MAX);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw unavailable("no answer: asked=" + what, e.getCause() == null ? e : e.getCause());
        }
    }

    private synchronized Admin admin() {
        if (closed) {
            throw TerraneException.unavailable(ErrorCode.SHUTTING_DOWN, "the log is closed");
        }
        var current = admin;
        if (current == null) {
            try {
                current = Admin.create(KafkaSettings.admin(config, ANSWER_MAX));
            } catch (KafkaException e) {
                throw unavailable("cannot ask the brokers", e);
            }
            admin = current;
        }
        return current;
    }

    /// Closes what it uses itself; producers and readers are closed by those who asked for them.
    @Override
    public synchronized void close() {
        closed = true;
        var current = admin;
        if (current != null) {
            admin = null;
            Threads.virtual("wal-close", () -> current.close(Duration.ZERO));
        }
    }

    static TerraneException.Unavailable unavailable(String what, Throwable cause) {
        var why =
                cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new TerraneException.Unavailable(
                ErrorCode.WAL_UNAVAILABLE, what + ": " + why, Duration.ofMillis(50), cause);
    }
}
