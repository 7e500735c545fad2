package terrane.datanode.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// Shows that every subscriber of a shared tail gets each record of its region once and in order,
/// whenever and wherever it joins, while the log grows.
class PartitionTailTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));
    private static final WalPartition PARTITION = new WalPartition("t", 0);

    private static final int REGIONS = 16;

    private final MemoryWal wal = new MemoryWal();
    private final CountedReading meter = new CountedReading();
    private final AtomicLong read = meter.bytes;
    private final PartitionTail tail =
            new PartitionTails(
                            new LogReading(
                                    wal,
                                    CLUSTER,
                                    new SystemClock(),
                                    PlatformThreads.system(),
                                    meter))
                    .tail(PARTITION);

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

    @Test
    void allRegionsAreToldWhereTheLogIsDamagedAndGoOnWhenItIsWhole() {
        append(1, 0, 50);
        append(2, 0, 50);
        wal.garble(new WalOffset(60));
        var one = new Collected();
        var two = new Collected();
        tail.subscribe(new RegionId(1), WalOffset.ZERO, one);
        tail.subscribe(new RegionId(2), WalOffset.ZERO, two);
        await().until(() -> one.stalled.contains(60L) && two.stalled.contains(60L));
        assertThat(one.offsets()).hasSize(50);
        assertThat(two.offsets()).hasSize(10);
        assertThat(meter.damaged).hasValueGreaterThan(2);
        wal.mend();
        await().until(() -> two.offsets().size() == 50);
        assertThat(two.offsets()).isSorted().doesNotHaveDuplicates();
        assertThat(two.failures()).isEmpty();
    }

    @Test
    void regionsThatAreAnnouncedTogetherAreReplayedInOnePass() {
        long bytes = interleaved(REGIONS, 100);
        var sinks = new ArrayList<Collected>();
        var announced = announced(REGIONS);
        for (int region = REGIONS; region > 0; region--) { // each wants older records
            var sink = new Collected();
            sinks.add(sink);
            tail.subscribe(new RegionId(region), new WalOffset(region), sink);
            announced.removeFirst().close();
        }
        sinks.forEach(sink -> await().until(() -> sink.offsets().size() >= 99));
        sinks.forEach(sink -> assertThat(sink.offsets()).isSorted().doesNotHaveDuplicates());
        assertThat(read).hasValueLessThanOrEqualTo(bytes);
    }

    @Test
    void whoNeverComesDoesNotHoldUpTheOthers() {
        append(1, 0, 10);
        try (var _ = tail.announce()) {
            var sink = new Collected();
            tail.subscribe(new RegionId(1), WalOffset.ZERO, sink);
            await().until(() -> sink.offsets().size() == 10);
        }
    }

    @Test
    void aReplayGoesBackForWhoComesLateInsteadOfASecondPass() throws Exception {
        interleaved(2, 500);
        var early = new Collected();
        early.stopAt(500);
        tail.subscribe(new RegionId(1), WalOffset.ZERO, early);
        early.awaitStopped();
        var late = new Collected();
        tail.subscribe(new RegionId(2), WalOffset.ZERO, late);
        assertThat(tail.passes()).isEqualTo(1);
        early.goOn();
        await().until(() -> late.offsets().size() == 500 && early.offsets().size() == 500);
        assertThat(late.offsets()).isSorted().doesNotHaveDuplicates();
        assertThat(early.offsets()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void regionsThatComeAndGoDoNotHoldUpAReplay() throws Exception {
        long bytes = interleaved(2, 500);
        var early = new Collected();
        early.stopAt(500);
        tail.subscribe(new RegionId(1), WalOffset.ZERO, early);
        early.awaitStopped();
        var restless = new ArrayList<Collected>();
        for (int i = 0; i < 50; i++) {
            restless.add(new Collected());
            tail.subscribe(new RegionId(2), WalOffset.ZERO, restless.getLast());
        }
        early.goOn();
        await().until(() -> early.offsets().size() == 500);
        await().until(() -> restless.getLast().offsets().size() == 500);
        assertThat(read.get()).isLessThan(6 * bytes);
    }

    @Test
    void regionsThatJoinARunningTailShareOneBackfill() {
        long bytes = interleaved(REGIONS, 100);
        var follower = new Collected();
        tail.subscribe(new RegionId(99), WalOffset.ZERO, follower);
        await().until(() -> read.get() == bytes);
        append(99, 0, 1);
        await().until(() -> follower.offsets().size() == 1); // it is at the end, and lives
        long before = read.get();
        var sinks = new ArrayList<Collected>();
        var announced = announced(REGIONS);
        for (int region = 1; region <= REGIONS; region++) {
            var sink = new Collected();
            sinks.add(sink);
            tail.subscribe(new RegionId(region), WalOffset.ZERO, sink);
        }
        announced.forEach(PartitionTail.Announcement::close);
        sinks.forEach(sink -> await().until(() -> sink.offsets().size() == 100));
        await().until(() -> tail.passes() == 1);
        assertThat(read.get() - before).isLessThanOrEqualTo(before);
        append(1, 100, 1);
        append(99, 1, 1);
        await().until(() -> sinks.getFirst().offsets().size() == 101);
        await().until(() -> follower.offsets().size() == 2);
    }

    @Test
    void aPrunedLogIsTheEndOnlyForWhoWantedIt() {
        interleaved(2, 100);
        wal.prune(new WalOffset(50));
        var late = new Collected();
        var early = new Collected();
        var announced = announced(2);
        tail.subscribe(new RegionId(1), new WalOffset(49), early);
        tail.subscribe(new RegionId(2), new WalOffset(50), late);
        announced.forEach(PartitionTail.Announcement::close);
        await().until(() -> late.offsets().size() == 75);
        assertThat(early.failures()).hasSize(1);
        assertThat(late.failures()).isEmpty();
    }

    @Test
    void garbageBetweenGoodRecordsIsCountedAndStopsNobody() {
        append(1, 0, 5);
        wal.append(new byte[0]);
        wal.append("written by somebody else, longer than a header".getBytes(UTF_8));
        append(2, 0, 5);
        append(1, 5, 5);
        var one = new Collected();
        var other = new Collected();
        tail.subscribe(new RegionId(1), WalOffset.ZERO, one);
        tail.subscribe(new RegionId(2), WalOffset.ZERO, other);
        await().until(() -> one.offsets().size() == 10 && other.offsets().size() == 5);
        assertThat(meter.foreign.get()).isGreaterThanOrEqualTo(2);
        assertThat(one.failures()).isEmpty();
    }

    private List<PartitionTail.Announcement> announced(int count) {
        var announced = new ArrayList<PartitionTail.Announcement>();
        for (int i = 0; i < count; i++) {
            announced.add(tail.announce());
        }
        return announced;
    }

    /// @return how many bytes that is
    private long interleaved(int regions, int count) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            for (int region = 1; region <= regions; region++) {
                bytes += append(region, i, 1);
            }
        }
        return bytes;
    }

    private void interleave(int count) {
        for (int i = 0; i < count; i++) {
            append(1, i, 1);
            append(2, i, 1);
        }
    }

    private long append(long region, int from, int count) {
        long bytes = 0;
        for (int i = from; i < from + count; i++) {
            var header = new WalRecord.Header(new RegionId(region), new Epoch(1), i + 1L);
            byte[] record =
                    WalRecordCodec.encode(CLUSTER, new WalRecord.WarmUp(header, new byte[0]));
            wal.append(record);
            bytes += record.length;
        }
        return bytes;
    }

    private static final class Collected implements TailSink {
        private final List<Long> offsets = Collections.synchronizedList(new ArrayList<>());

        private final List<Long> stalled = Collections.synchronizedList(new ArrayList<>());

        private final List<TerraneException> failures =
                Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final CountDownLatch free = new CountDownLatch(1);
        private volatile long stopAt = Long.MAX_VALUE;

        /// Stands still before it takes the first record from that offset on.
        void stopAt(long offset) {
            stopAt = offset;
        }

        void awaitStopped() throws InterruptedException {
            stopped.await();
        }

        void goOn() {
            stopAt = Long.MAX_VALUE;
            free.countDown();
        }

        List<TerraneException> failures() {
            return List.copyOf(failures);
        }

        List<Long> offsets() {
            return List.copyOf(offsets);
        }

        @Override
        public void record(Wal.Entry entry) throws InterruptedException {
            if (entry.offset().value() >= stopAt) {
                stopped.countDown();
                free.await();
            }
            offsets.add(entry.offset().value());
        }

        @Override
        public void reached(WalOffset position, Optional<WalOffset> end) {}

        @Override
        public void stalled(WalOffset at, TerraneException cause) {
            stalled.add(at.value());
        }

        @Override
        public void failed(TerraneException cause) {
            failures.add(cause);
        }
    }
}
