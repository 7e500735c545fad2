package terrane.engine.region;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.UInt8Vector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.core.scan.TimeRange;
import terrane.core.wal.KeyWindow;
import terrane.core.wal.WalRecord;
import terrane.engine.manifest.Manifest;
import terrane.engine.memtable.StoredColumn;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// A copy that follows takes over what its leader has put into files, and then is what a copy would
/// be that was opened at that version: no row twice, none missing, and the same sum.
class FollowingReplicaTest {
    private static final RegionId REGION = RegionId.parse("4398046511104");
    private static final Epoch EPOCH = new Epoch(1);
    private static final TableSchema SCHEMA =
            new TableSchema(
                    1,
                    List.of(
                            new Column(
                                    1,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Column.Semantic.TIMESTAMP,
                                    false)),
                    MergeMode.APPEND);

    private final RootAllocator allocator = new RootAllocator();

    @AfterEach
    void nothingIsLeftInMemory() {
        allocator.close();
    }

    private static Manifest first() {
        return new Manifest(
                new ClusterId(new UUID(1, 2)),
                REGION,
                1,
                new Manifest.Writer(EPOCH, new Incarnation(1, 1), 1),
                new WalPartition("t", 0),
                "topic",
                SCHEMA,
                WalOffset.ZERO,
                EPOCH,
                List.of(),
                new KeyWindow.Image(WalOffset.ZERO, List.of()),
                List.of());
    }

    /// What its leader would create from what it has taken aside.
    private static Manifest flushed(Replica leader, Replica.Flushing flushing) {
        var now = leader.manifest();
        return now.withContent(
                        flushing.schema(),
                        flushing.upTo(),
                        flushing.fenceEpoch(),
                        now.files(),
                        flushing.keys())
                .next(new Manifest.Writer(EPOCH, new Incarnation(1, 1), now.version() + 1));
    }

    private static WalRecord.Rows rows(long number, int count) {
        long[] times = new long[count];
        java.util.Arrays.fill(times, number);
        var ts =
                new ColumnValues.Longs(
                        1, ColumnType.TIMESTAMP_MILLISECOND, Optional.empty(), times);
        return new WalRecord.Rows(
                new WalRecord.Header(REGION, EPOCH, number),
                1,
                Optional.empty(),
                RowBatchCodec.encode(new RowBatch(1, count, List.of(ts))));
    }

    private List<Long> offsets(Replica replica) throws IOException {
        var found = new ArrayList<Long>();
        try (var view = replica.view()) {
            for (var memtable : view.memtables()) {
                try (var reader =
                        memtable.read(
                                allocator,
                                List.of(StoredColumn.OFFSET),
                                TimeRange.ALL,
                                List.of())) {
                    while (reader.loadNextBatch()) {
                        var root = reader.getVectorSchemaRoot();
                        for (int i = 0; i < root.getRowCount(); i++) {
                            found.add(((UInt8Vector) root.getVector(0)).get(i));
                        }
                    }
                }
            }
        }
        return found;
    }

    /// A leader writes and flushes; a follower that is now near, now far behind it hears of a new
    /// version now and then.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void followerIsWhatACopyWouldBeThatWasOpenedAtTheSameVersion(long seed) throws Exception {
        var random = new Random(seed);
        var log = new ArrayList<WalRecord.Rows>();
        try (var leader = new Replica(first(), allocator);
                var follower = new Replica(first(), allocator)) {
            for (int step = 0; step < 300; step++) {
                var record = rows(log.size() + 1L, random.nextInt(300));
                leader.apply(new WalOffset(log.size()), record, Optional.empty());
                log.add(record);
                if (random.nextInt(20) == 0) {
                    leader.beginFlush()
                            .ifPresent(flushing -> leader.endFlush(flushed(leader, flushing)));
                }
                read(follower, log, random.nextInt(3));
                if (random.nextInt(10) == 0) {
                    boolean behind = follower.applied().isBelow(leader.manifest().flushed());
                    assertThat(follower.catchUpWith(leader.manifest())).isEqualTo(!behind);
                }
            }
            read(follower, log, log.size());
            assertThat(follower.catchUpWith(leader.manifest())).isTrue();
            assertSame(follower, log);
            assertThat(follower.unflushed()).isEqualTo(leader.unflushed());
        }
    }

    private static void read(Replica follower, List<WalRecord.Rows> log, int atMost) {
        for (int i = 0; i < atMost && follower.applied().value() < log.size(); i++) {
            int next = (int) follower.applied().value();
            follower.apply(new WalOffset(next), log.get(next), Optional.empty());
        }
    }

    private void assertSame(Replica follower, List<WalRecord.Rows> log) throws IOException {
        try (var fresh = new Replica(follower.manifest(), allocator)) {
            read(fresh, log, log.size());
            assertThat(offsets(follower)).isEqualTo(offsets(fresh));
            assertThat(follower.unflushed()).isEqualTo(fresh.unflushed());
            assertThat(follower.rowCount()).isEqualTo(fresh.rowCount());
            assertThat(follower.manifestDigest()).isEqualTo(fresh.manifestDigest());
        }
    }

    @Test
    void copyThatIsBehindTheVersionKeepsWhatItHas() throws Exception {
        try (var leader = new Replica(first(), allocator);
                var follower = new Replica(first(), allocator)) {
            for (int i = 0; i < 3; i++) {
                leader.apply(new WalOffset(i), rows(i + 1L, 2), Optional.empty());
            }
            follower.apply(new WalOffset(0), rows(1, 2), Optional.empty());
            var next = flushed(leader, leader.beginFlush().orElseThrow());
            assertThat(follower.catchUpWith(next)).isFalse();
            assertThat(follower.manifest().version()).isEqualTo(1);
            assertThat(offsets(follower)).containsExactly(0L, 0L);
        }
    }

    @Test
    void copyThatLeadsTakesNothingOver() throws Exception {
        try (var leader = new Replica(first(), allocator)) {
            leader.apply(new WalOffset(0), rows(1, 2), Optional.empty());
            leader.lead();
            var next = flushed(leader, leader.beginFlush().orElseThrow());
            assertThat(leader.catchUpWith(next)).isFalse();
        }
    }
}
