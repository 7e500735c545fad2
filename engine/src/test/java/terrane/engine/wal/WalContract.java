package terrane.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/// What every [Wal] promises, whatever it is made of. Each test has a partition to itself.
public interface WalContract {
    Duration LONG = Duration.ofSeconds(30);

    Wal wal();

    /// A partition that nobody has used yet, of a topic of its own.
    WalPartition freshPartition();

    /// Removes everything below `offset`, as pruning does.
    void prune(WalPartition partition, WalOffset offset);

    @Test
    default void recordsAreReadAsTheyWereSentAtTheOffsetsThatWereTold() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        try (var producer = wal().producer(partition);
                var reader = wal().reader(partition, WalOffset.ZERO)) {
            outcomes.send(producer, 1_000);
            outcomes.awaitTold(1_000);
            assertThat(outcomes.landed()).isSorted().hasSize(1_000).doesNotHaveDuplicates();
            var entries = read(reader, 1_000);
            assertThat(entries.stream().map(e -> e.offset().value()).toList())
                    .isEqualTo(outcomes.landed());
            assertThat(entries.stream().map(e -> Outcomes.number(e.record())).toList())
                    .isEqualTo(IntStream.range(0, 1_000).boxed().toList());
            assertThat(reader.position()).isEqualTo(wal().end(partition));
            assertThat(reader.lastKnownEnd()).contains(wal().end(partition));
        }
    }

    @Test
    default void largestRecordIsKeptAndALargerOneIsRefused() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        try (var producer = wal().producer(partition);
                var reader = wal().reader(partition, WalOffset.ZERO)) {
            producer.send(new byte[Wal.Producer.RECORD_BYTES_MAX], outcomes);
            outcomes.awaitTold(1);
            assertThat(read(reader, 1).getFirst().record()).hasSize(Wal.Producer.RECORD_BYTES_MAX);
            assertThatThrownBy(() ->
                            producer.send(new byte[Wal.Producer.RECORD_BYTES_MAX + 1], outcomes))
                    .isInstanceOf(TerraneException.Rejected.class);
            outcomes.send(producer, 1); // a refusal is no failure
            outcomes.awaitTold(2);
            assertThat(outcomes.unknown()).isZero();
        }
    }

    @Test
    default void readerStartsAndSeeksWhereItIsTold() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        try (var producer = wal().producer(partition);
                var reader = wal().reader(partition, new WalOffset(7))) {
            outcomes.send(producer, 10);
            outcomes.awaitTold(10);
            reader.seek(new WalOffset(7));
            assertThat(Outcomes.number(read(reader, 3).getFirst().record())).isEqualTo(7);
            reader.seek(new WalOffset(2));
            assertThat(reader.position()).isEqualTo(new WalOffset(2));
            assertThat(Outcomes.number(read(reader, 8).getFirst().record())).isEqualTo(2);
        }
    }

    @Test
    default void emptyLogEndsAtZeroAndReadsAsNothing() throws Exception {
        var partition = freshPartition();
        assertThat(wal().end(partition)).isEqualTo(WalOffset.ZERO);
        try (var reader = wal().reader(partition, WalOffset.ZERO)) {
            assertThat(reader.poll(Duration.ofMillis(20))).isEmpty();
            assertThat(reader.position()).isEqualTo(WalOffset.ZERO);
        }
    }

    @Test
    default void wakeupEndsAPoll() throws Exception {
        try (var reader = wal().reader(freshPartition(), WalOffset.ZERO)) {
            var polling = new CountDownLatch(1);
            var ended = new CountDownLatch(1);
            var result = new AtomicReference<List<Wal.Entry>>();
            Thread.startVirtualThread(() -> {
                polling.countDown();
                result.set(reader.poll(Duration.ofHours(1)));
                ended.countDown();
            });
            polling.await();
            reader.wakeup();
            ended.await();
            assertThat(result.get()).isEmpty();
        }
    }

    @Test
    default void readerMayBeClosedWhileItPolls() throws Exception {
        var reader = wal().reader(freshPartition(), WalOffset.ZERO);
        var polling = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            polling.countDown();
            try {
                reader.poll(Duration.ofHours(1));
            } catch (TerraneException.Unavailable e) {
                // It was closed before this thread came to poll.
            } finally {
                ended.countDown();
            }
        });
        polling.await();
        reader.close();
        reader.close();
        ended.await();
        assertThatThrownBy(() -> reader.poll(LONG))
                .isInstanceOf(TerraneException.Unavailable.class);
    }

    @Test
    default void closedProducerTellsEveryRecordOnceAndRefusesMore() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        var producer = wal().producer(partition);
        outcomes.send(producer, 200);
        producer.close();
        producer.close();
        outcomes.awaitTold(200);
        assertThat(outcomes.landedAndThenUnknown()).isTrue();
        assertThatThrownBy(() -> producer.send(new byte[1], outcomes))
                .isInstanceOf(TerraneException.Unavailable.class);
        assertThat(outcomes.told()).isEqualTo(200);
    }

    @Test
    default void bytesInFlightAreBounded() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        try (var producer = wal().producer(partition)) {
            int accepted = 0;
            var refusal = new ArrayList<TerraneException>();
            while (refusal.isEmpty() && accepted < 10_000) {
                try {
                    producer.send(new byte[1 << 20], outcomes);
                    accepted++;
                } catch (TerraneException.Unavailable e) {
                    refusal.add(e);
                }
            }
            assertThat(refusal)
                    .first()
                    .extracting(TerraneException::code)
                    .isEqualTo(ErrorCode.OVERLOADED);
            outcomes.awaitTold(accepted);
            outcomes.send(producer, 1); // there is room again, and nothing has failed
            outcomes.awaitTold(accepted + 1);
            assertThat(outcomes.unknown()).isZero();
        }
    }

    @Test
    default void readingWhatWasPrunedThrows() throws Exception {
        var partition = freshPartition();
        var outcomes = new Outcomes();
        try (var producer = wal().producer(partition)) {
            outcomes.send(producer, 10);
            outcomes.awaitTold(10);
        }
        prune(partition, new WalOffset(5));
        try (var reader = wal().reader(partition, new WalOffset(4))) {
            assertThatThrownBy(() -> read(reader, 1))
                    .isInstanceOfSatisfying(
                            TerraneException.Corrupt.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_PRUNED));
        }
        try (var reader = wal().reader(partition, new WalOffset(5))) {
            assertThat(read(reader, 5)).hasSize(5);
        }
    }

    @Test
    default void everyTopicHasAnIdOfItsOwn() throws Exception {
        var first = freshPartition().topic();
        var second = freshPartition().topic();
        assertThat(wal().topicId(first)).isEqualTo(wal().topicId(first)).isNotBlank();
        assertThat(wal().topicId(second)).isNotEqualTo(wal().topicId(first));
        assertThatThrownBy(() -> wal().topicId("no-such-topic"))
                .isInstanceOf(TerraneException.Unavailable.class);
    }

    @Test
    default void partitionThatIsNotThereIsUnavailable() {
        var known = freshPartition();
        var unknown = new WalPartition(known.topic(), 1_000);
        assertThatThrownBy(() -> wal().producer(unknown))
                .isInstanceOf(TerraneException.Unavailable.class);
    }

    /// Polls until `count` records have come.
    static List<Wal.Entry> read(Wal.Reader reader, int count) {
        var entries = new ArrayList<Wal.Entry>();
        while (entries.size() < count) {
            entries.addAll(reader.poll(LONG));
        }
        return entries;
    }
}
