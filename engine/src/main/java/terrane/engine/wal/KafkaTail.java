package terrane.engine.wal;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Threads;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Reads one partition with a consumer of its own, without a group: where to read is the caller's
/// business. The consumer is closed by whoever uses it last, since it may not be used by two.
///
/// While no broker answers, polls are empty: a reader that must know asks for the log's end.
final class KafkaTail implements Wal.Reader {
    private final KafkaConsumer<byte[], byte[]> kafka;
    private final TopicPartition partition;
    private final ReentrantLock using = new ReentrantLock();
    private volatile WalOffset position;
    private volatile boolean closed;

    KafkaTail(KafkaConsumer<byte[], byte[]> kafka, WalPartition partition, WalOffset from) {
        this.kafka = kafka;
        this.partition = new TopicPartition(partition.topic(), partition.partition());
        this.position = from;
        kafka.assign(List.of(this.partition));
        kafka.seek(this.partition, from.value());
    }

    @Override
    public List<Wal.Entry> poll(Duration atMost) {
        using.lock();
        try {
            refuseIfClosed();
            return entries(kafka.poll(atMost));
        } catch (WakeupException e) {
            return List.of();
        } catch (OffsetOutOfRangeException e) {
            throw new TerraneException.Corrupt(
                    ErrorCode.WAL_PRUNED,
                    "the log does not have this offset (any more): partition=%s offset=%s"
                            .formatted(partition, position),
                    e);
        } catch (InterruptException e) { // it has set the thread's interrupt again
            throw new TerraneException.Unavailable(
                    ErrorCode.SHUTTING_DOWN, "interrupted", Duration.ZERO, e);
        } catch (KafkaException e) {
            throw failed(e);
        } finally {
            using.unlock();
        }
    }

    /// For a batch that contradicts its checksum Kafka has no exception of its own; whatever it has
    /// a name for is a subclass. From then on this consumer says so for ever, for it keeps what it
    /// has fetched.
    private TerraneException.Unavailable failed(KafkaException e) {
        if (e.getClass() != KafkaException.class) {
            return KafkaWal.unavailable("cannot read the log: partition=" + partition, e);
        }
        var why = e.getCause() instanceof KafkaException cause ? cause : e;
        return new TerraneException.Unavailable(
                ErrorCode.WAL_DAMAGED,
                "what the log answers cannot be used: partition=%s position=%s: %s"
                        .formatted(partition, position, why.getMessage()),
                Duration.ofSeconds(1),
                e);
    }

    private List<Wal.Entry> entries(ConsumerRecords<byte[], byte[]> records) {
        var next = records.nextOffsets().get(partition);
        if (next == null) {
            return List.of();
        }
        var entries = new ArrayList<Wal.Entry>(records.count());
        for (var record : records) {
            entries.add(new Wal.Entry(new WalOffset(record.offset()), value(record)));
        }
        position = new WalOffset(next.offset());
        return entries;
    }

    /// Others may write records without a value; we never do.
    private static byte[] value(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return value == null ? new byte[0] : value;
    }

    private void refuseIfClosed() {
        if (closed) {
            throw TerraneException.unavailable(
                    ErrorCode.WAL_UNAVAILABLE, "reader is closed: partition=%s", partition);
        }
    }

    @Override
    public void seek(WalOffset offset) {
        using.lock();
        try {
            refuseIfClosed();
            kafka.seek(partition, offset.value());
            position = offset;
        } finally {
            using.unlock();
        }
    }

    @Override
    public WalOffset position() {
        return position;
    }

    @Override
    public Optional<WalOffset> lastKnownEnd() {
        using.lock();
        try {
            refuseIfClosed();
            var lag = kafka.currentLag(partition);
            return lag.isPresent()
                    ? Optional.of(new WalOffset(position.value() + lag.getAsLong()))
                    : Optional.empty();
        } finally {
            using.unlock();
        }
    }

    @Override
    public void wakeup() {
        kafka.wakeup();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        kafka.wakeup();
        Threads.virtual("wal-close", this::closeWhenUnused);
    }

    private void closeWhenUnused() {
        using.lock();
        try {
            kafka.close(CloseOptions.timeout(Duration.ZERO));
        } catch (WakeupException e) {
            kafka.close(CloseOptions.timeout(Duration.ZERO)); // the wake-up that close itself sent
        } finally {
            using.unlock();
        }
    }
}
