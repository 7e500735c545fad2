package terrane.engine.wal;

import terrane.core.WalOffset;
import terrane.core.WalPartition;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The log that all regions write ahead into. [KafkaWal] is the production one.
public interface Wal extends AutoCloseable {
    /// A new producer; opens connections lazily, so warm it with records that replay ignores.
    Producer producer(WalPartition partition);

    /// A new reader that starts at `from`.
    ///
    /// @throws terrane.core.TerraneException.Corrupt with code WAL_PRUNED, from here or from
    ///   [Reader#poll], if `from` was pruned
    Reader reader(WalPartition partition, WalOffset from);

    /// The offset that the next record will get, as of a moment during this call.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if the log does not answer
    WalOffset end(WalPartition partition) throws InterruptedException;

    /// The id that the topic got when it was made: a topic made anew has another.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if the log does not answer
    String topicId(String topic) throws InterruptedException;

    @Override
    void close();

    /// Appends records of one node to one partition, in the order of the calls. Once any send has
    /// failed, every later one fails too, and nothing is known of those in between.
    interface Producer extends AutoCloseable {
        /// Hands a record over; never blocks for longer than it takes to copy it.
        ///
        /// @param record at most [#RECORD_BYTES_MAX]
        /// @throws terrane.core.TerraneException.Unavailable if nothing was sent: the producer's
        ///   bytes in flight are at their bound, or it is closed or has failed
        void send(byte[] record, Outcome outcome);

        /// Told once for each record handed over, on the producer's own thread, in order; must be
        /// quick and must not throw.
        interface Outcome {
            void landed(WalOffset offset);

            /// The record may be in the log, may come into it later, or may never.
            void unknown(Exception cause);
        }

        /// The largest record: the broker's limit is twice that, so that no batch stalls.
        int RECORD_BYTES_MAX = 4 << 20;

        /// Gives up what is in flight (its outcome is unknown) and returns at once.
        @Override
        void close();
    }

    /// Reads one partition in order. For one thread, except for [#wakeup] and [#close].
    interface Reader extends AutoCloseable {
        /// Blocks until there is something, at most for `atMost`; empty if there was nothing, which
        /// may be because the log does not answer: ask [Wal#end] to find out.
        ///
        /// @throws terrane.core.TerraneException.Corrupt with code WAL_PRUNED if the position was
        ///   pruned
        /// @throws terrane.core.TerraneException.Unavailable with code WAL_DAMAGED if the log
        ///   contradicts its own checksum there: another reader may find it whole, this one not
        List<Entry> poll(Duration atMost);

        void seek(WalOffset offset);

        /// The offset of the next record to be read.
        WalOffset position();

        /// The log's end as of the last answer of the broker, without asking it again.
        Optional<WalOffset> lastKnownEnd();

        /// Has a blocked [#poll], or the next one, return early and empty.
        void wakeup();

        @Override
        void close();
    }

    /// A record as it stands in the log.
    record Entry(WalOffset offset, byte[] record) {}
}
