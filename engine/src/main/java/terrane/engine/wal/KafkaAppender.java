package terrane.engine.wal;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Threads;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/// The one producer of a node for a partition. Its first failure is its end.
/*
 * Kafka's producer goes on after a failure: a record that follows one which expired may still be
 * appended, so that a later success says nothing about an earlier record. Here the first failure
 * poisons: every record that is outstanding then gets `unknown`, in order, whatever Kafka may say
 * of it later, and every later send is refused before anything is handed over.
 *
 * Outcomes are told on Kafka's own thread only, which is one, so they come in order and never
 * twice: `outstanding` is filled under `admission`, in the order of Kafka's own queue, and emptied
 * by that thread alone. A record that Kafka refuses at the door (no metadata, no memory) is told to
 * the sender by Kafka's calling the callback on the sender's own thread; it was not sent, it is
 * taken out again, and it poisons nothing.
 *
 * Closing makes Kafka fail whatever is in flight, which tells everybody, on the same thread.
 */
final class KafkaAppender implements Wal.Producer {
    /// Four of the largest records. At 200 MB/s that is 80 ms of queue, which is as much latency as
    /// a write should meet before it is refused.
    static final int IN_FLIGHT_BYTES_MAX = 16 << 20;

    /// All partitions of a node together: sixteen that are at half their bound.
    static final long NODE_IN_FLIGHT_BYTES_MAX = 128L << 20;

    /// What a small record takes beside its bytes, here and in Kafka's batches.
    private static final int RECORD_OVERHEAD_BYTES = 256;

    private static final System.Logger LOG = System.getLogger(KafkaAppender.class.getName());

    private final KafkaProducer<byte[], byte[]> kafka;
    private final WalPartition partition;
    private final InFlight own = new InFlight(IN_FLIGHT_BYTES_MAX);
    private final InFlight node;
    private final ReentrantLock admission = new ReentrantLock();
    private final ConcurrentLinkedQueue<Sent> outstanding = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile @Nullable Exception poison;

    KafkaAppender(KafkaProducer<byte[], byte[]> kafka, WalPartition partition, InFlight node) {
        this.kafka = kafka;
        this.partition = partition;
        this.node = node;
    }

    /// One record on its way.
    private static final class Sent {
        private final Outcome outcome;
        private final long bytes;
        private final Thread sender = Thread.currentThread();
        private volatile boolean handedOver;
        private @Nullable Exception refused; // seen by the sender only

        Sent(Outcome outcome, long bytes) {
            this.outcome = outcome;
            this.bytes = bytes;
        }
    }

    @Override
    public void send(byte[] record, Outcome outcome) {
        if (record.length > RECORD_BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "record too large: bytes=%d max=%d",
                    record.length,
                    RECORD_BYTES_MAX);
        }
        var sent = new Sent(outcome, record.length + RECORD_OVERHEAD_BYTES);
        take(sent.bytes);
        admission.lock();
        try {
            refuseIfOver(sent);
            outstanding.add(sent);
            handOver(record, sent);
        } finally {
            admission.unlock();
        }
    }

    private void take(long bytes) {
        if (!own.take(bytes)) {
            throw overloaded();
        }
        if (!node.take(bytes)) {
            own.giveBack(bytes);
            throw overloaded();
        }
    }

    private TerraneException.Unavailable overloaded() {
        return TerraneException.unavailable(
                ErrorCode.OVERLOADED, "too many bytes on their way to the log: %s", partition);
    }

    private void refuseIfOver(Sent sent) {
        var reason = poison;
        if (reason != null) {
            giveBack(sent);
            throw KafkaWal.unavailable("producer has failed: partition=" + partition, reason);
        }
        if (closing.get()) {
            giveBack(sent);
            throw TerraneException.unavailable(
                    ErrorCode.WAL_UNAVAILABLE, "producer is closed: partition=%s", partition);
        }
    }

    private void handOver(byte[] record, Sent sent) {
        var message =
                new ProducerRecord<byte[], byte[]>(
                        partition.topic(), partition.partition(), null, record);
        Exception refused;
        try {
            var _ = kafka.send(message, (metadata, failure) -> told(sent, metadata, failure));
            sent.handedOver = true;
            refused = sent.refused;
        } catch (KafkaException | IllegalStateException e) {
            refused = e; // closed meanwhile, or interrupted while it waited for memory
        }
        if (refused != null && outstanding.remove(sent)) {
            giveBack(sent);
            throw KafkaWal.unavailable("not sent: partition=" + partition, refused);
        }
    }

    private void told(Sent sent, @Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure != null && !sent.handedOver && Thread.currentThread() == sent.sender) {
            sent.refused = failure; // at the door, before anything was sent
            return;
        }
        if (failure == null && metadata != null && poison == null && outstanding.peek() == sent) {
            outstanding.remove();
            giveBack(sent);
            sent.outcome.landed(new WalOffset(metadata.offset()));
            return;
        }
        fail(failure == null ? new KafkaException("outcomes out of order") : failure);
    }

    private void fail(Exception reason) {
        if (poison == null) {
            poison = reason;
            LOG.log(
                    closing.get() ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "append failed, producer is given up: partition={0} cause={1}",
                    partition,
                    reason.toString());
        }
        for (var sent = outstanding.poll(); sent != null; sent = outstanding.poll()) {
            giveBack(sent);
            sent.outcome.unknown(reason);
        }
        close(); // so that Kafka stops trying; what it has sent may land all the same
    }

    private void giveBack(Sent sent) {
        own.giveBack(sent.bytes);
        node.giveBack(sent.bytes);
    }

    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            // Waits for Kafka's thread, which may be in a callback that waits for our caller.
            Threads.virtual("wal-close", () -> kafka.close(Duration.ZERO));
        }
    }
}
