package terrane.datanode.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.PlatformThreads;
import terrane.core.time.SystemClock;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.engine.wal.Wal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Shows that every subscriber of a shared tail gets each record of its region once and in order,
/// whenever and wherever it joins, while the log grows.
class PartitionTailTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));
    private static final WalPartition PARTITION = new WalPartition("t", 0);

    private final MemoryWal wal = new MemoryWal();
    private final PartitionTail tail =
            new PartitionTail(wal, PARTITION, new SystemClock(), PlatformThreads.system());

    @AfterEach
    void closeTail() {
        tail.close();
    }

    @Test
    void passesOnOnlyTheRecordsOfTheRegionFromTheOffsetOn() {
        append(1, 0, 10);
        append(2, 0, 10);
        var sink = new Collected();
        tail.subscribe(new RegionId(1), new WalOffset(4), sink);
        await().until(() -> sink.offsets().size() == 6);
        assertThat(sink.offsets()).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void aRegionThatJoinsARunningTailMissesNothingAndGetsNothingTwice() {
        append(1, 0, 500);
        var early = new Collected();
        tail.subscribe(new RegionId(1), WalOffset.ZERO, early);
        await().until(() -> early.offsets().size() == 500);
        var writer = MemoryWal.meanwhile(() -> interleave(2_000));
        var late = new Collected();
        tail.subscribe(new RegionId(2), WalOffset.ZERO, late);
        await().until(() -> late.offsets().size() == 2_000);
        await().until(() -> early.offsets().size() == 2_500);
        assertThat(late.offsets()).isSorted().doesNotHaveDuplicates();
        assertThat(early.offsets()).isSorted().doesNotHaveDuplicates();
        await().until(() -> !writer.isAlive());
    }

    @Test
    void aTailThatSleptStartsWhereItsNextSubscriberAsks() {
        append(1, 0, 100);
        var first = new Collected();
        var subscription = tail.subscribe(new RegionId(1), WalOffset.ZERO, first);
        await().until(() -> first.offsets().size() == 100);
        subscription.end();
        append(2, 0, 1_000);
        var second = new Collected();
        tail.subscribe(new RegionId(2), new WalOffset(1_099), second);
        await().until(() -> second.offsets().size() == 1);
        assertThat(second.offsets()).containsExactly(1_099L);
    }

    @Test
    void nothingIsPassedOnAfterTheEnd() {
        var sink = new Collected();
        var subscription = tail.subscribe(new RegionId(1), WalOffset.ZERO, sink);
        append(1, 0, 3);
        await().until(() -> sink.offsets().size() == 3);
        subscription.end();
        var other = new Collected();
        tail.subscribe(new RegionId(2), new WalOffset(3), other);
        append(1, 3, 5);
        append(2, 0, 1);
        await().until(() -> other.offsets().size() == 1);
        assertThat(sink.offsets()).hasSize(3);
    }

    @Test
    void aBackfillOutlivesALogThatDoesNotAnswer() {
        append(1, 0, 100);
        append(2, 0, 100);
        var early = new Collected();
        tail.subscribe(new RegionId(1), WalOffset.ZERO, early);
        await().until(() -> early.offsets().size() == 100);
        wal.doNotAnswer(5);
        var late = new Collected();
        tail.subscribe(new RegionId(2), WalOffset.ZERO, late);
        append(2, 100, 1);
        await().until(() -> late.offsets().size() == 101);
        assertThat(late.offsets()).isSorted().doesNotHaveDuplicates();
    }

    private void interleave(int count) {
        for (int i = 0; i < count; i++) {
            append(1, i, 1);
            append(2, i, 1);
        }
    }

    private void append(long region, int from, int count) {
        for (int i = from; i < from + count; i++) {
            var header = new WalRecord.Header(new RegionId(region), new Epoch(1), i + 1L);
            wal.append(WalRecordCodec.encode(CLUSTER, new WalRecord.WarmUp(header, new byte[0])));
        }
    }

    private static final class Collected implements TailSink {
        private final List<Long> offsets = Collections.synchronizedList(new ArrayList<>());

        List<Long> offsets() {
            return List.copyOf(offsets);
        }

        @Override
        public void record(Wal.Entry entry) {
            offsets.add(entry.offset().value());
        }

        @Override
        public void reached(WalOffset position, Optional<WalOffset> end) {}

        @Override
        public void failed(TerraneException cause) {
            throw cause;
        }
    }
}
