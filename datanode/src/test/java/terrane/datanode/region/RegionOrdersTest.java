package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.core.time.SystemClock;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.datanode.Ack;
import terrane.datanode.lease.Granted;
import terrane.datanode.lease.LeaseTable;
import terrane.datanode.log.CountedReading;
import terrane.datanode.log.LogReading;
import terrane.datanode.log.MemoryWal;
import terrane.datanode.log.PartitionTails;
import terrane.datanode.log.ProducerLanes;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.region.Duck;
import terrane.engine.region.DuckEngine;
import terrane.engine.region.Replica;
import terrane.engine.storage.FileCache;
import terrane.engine.storage.LocalObjectStore;
import terrane.wire.datanode.Order;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Shows that orders which come late, or again, change nothing.
class RegionOrdersTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));
    private static final WalPartition WAL = new WalPartition("t", 0);
    private static final ProcedureId FIRST = new ProcedureId(new UUID(0, 1));
    private static final ProcedureId SECOND = new ProcedureId(new UUID(0, 2));

    /// One row is due for a file.
    private static final long FLUSH_BYTES = 0;

    @TempDir private Path folder;
    private final Clock clock = new SystemClock();
    private final Node me = new Node(new PeerId(1), new Incarnation(1, 1));
    private final Regions regions = new Regions();
    private final RootAllocator allocator = new RootAllocator();
    private final MemoryWal wal = new MemoryWal();
    private final LeaseTable leases = Granted.always(clock);
    private final NodeTerms terms = NodeTerms.of(leases, Ack.LEASE, new Holds());
    private Duck duck;
    private Openings openings;
    private ProducerLanes lanes;
    private HotFollowers hot;
    private RegionOrders orders;

    @BeforeEach
    void makeNode() throws Exception {
        var spill = Files.createDirectory(folder.resolve("spill"));
        var cached = Files.createDirectory(folder.resolve("cache"));
        duck = Duck.open(new Duck.Settings(64L << 20, 1, spill, List.of(spill), SOON), clock);
        var store = new LocalObjectStore(folder.resolve("store"), Randomness.system());
        var random = Randomness.system();
        var flusher =
                new Flusher(
                        regions,
                        new DuckEngine(duck, allocator),
                        store,
                        new FileCache(store, cached, 1 << 20, 0),
                        me,
                        clock,
                        new Flusher.Settings(FLUSH_BYTES, 1 << 20, spill, random));
        openings =
                new Openings(
                        regions,
                        this::copy,
                        new RegionSource(CLUSTER, me, store, wal, clock, random),
                        new PartitionTails(
                                new LogReading(
                                        wal,
                                        CLUSTER,
                                        clock,
                                        PlatformThreads.system(),
                                        new CountedReading())));
        lanes = new ProducerLanes(wal);
        hot = following(HOT_BYTES, Duration.ZERO);
        orders = new RegionOrders(regions, openings, leases, lanes, flusher, hot);
    }

    private HotFollowers following(long bytesMax, Duration giveWay) {
        var terms = new HotFollowers.Terms(bytesMax, giveWay);
        return new HotFollowers(regions, openings, lanes, clock, terms);
    }

    private RegionCopy copy(ProcedureId procedure, Manifest manifest, ManifestStore manifests) {
        return new RegionCopy(
                new RegionIdentity(
                        CLUSTER, manifest.region(), WAL, me, new Address("n1", 1), procedure),
                new Replica(manifest, allocator),
                manifests,
                terms,
                clock,
                (region, epoch, reason) -> {});
    }

    private static final long HOT_BYTES = 64 << 20;

    private static final Duration SOON = Duration.ofSeconds(10);

    @AfterEach
    void close() {
        regions.close();
        duck.close();
    }

    private Role role() {
        return regions.find(TwoNodes.REGION).orElseThrow().role();
    }

    private static Order.Claim claim(ProcedureId procedure, long epoch) {
        return claim(procedure, epoch, Optional.empty());
    }

    private static Order.Claim claim(ProcedureId procedure, long epoch, Optional<WalOffset> skip) {
        return new Order.Claim(
                procedure, TwoNodes.REGION, new Epoch(epoch), WAL, TwoNodes.SCHEMA, skip);
    }

    @Test
    void aClaimThatComesLateDoesNotEndALaterReign() throws Exception {
        orders.answer(claim(FIRST, 3));
        assertThatThrownBy(() -> orders.answer(claim(FIRST, 2)))
                .isInstanceOf(TerraneException.Rejected.class);
        assertThat(role())
                .isInstanceOfSatisfying(
                        Role.Leading.class,
                        leading -> assertThat(leading.epoch()).isEqualTo(new Epoch(3)));
    }

    @Test
    void aFollowerIsNotOpenedForAProcedureThatWasClosedBefore() throws Exception {
        orders.answer(claim(FIRST, 1));
        orders.answer(new Order.Close(FIRST, TwoNodes.REGION, new Epoch(2)));
        orders.answer(new Order.Close(SECOND, TwoNodes.REGION, new Epoch(2)));
        assertThat(regions.find(TwoNodes.REGION)).isEmpty();
        assertThatThrownBy(() ->
                        orders.answer(
                                new Order.OpenFollower(
                                        SECOND, TwoNodes.REGION, WAL, TwoNodes.SCHEMA)))
                .isInstanceOf(TerraneException.Rejected.class);
        assertThat(regions.find(TwoNodes.REGION)).isEmpty();
    }

    @Test
    void aLeaderWhoseManifestIsNotFrozenForTheProcedureIsNotHandedOver() throws Exception {
        orders.answer(claim(FIRST, 1));
        var freeze = new Order.Freeze(SECOND, TwoNodes.REGION, new Epoch(1));
        orders.answer(freeze);
        orders.answer(new Order.Thaw(SECOND, TwoNodes.REGION, new Epoch(1)));
        assertThatThrownBy(() -> orders.answer(freeze))
                .isInstanceOf(TerraneException.Rejected.class);
        var successor = new LeaderHint(TwoNodes.REGION, new Epoch(2), me, new Address("n2", 1));
        var handOver = new Order.HandOver(SECOND, TwoNodes.REGION, new Epoch(1), successor);
        assertThatThrownBy(() -> orders.answer(handOver))
                .isInstanceOf(TerraneException.Rejected.class);
        assertThat(role()).isInstanceOf(Role.Leading.class);
    }

    @Test
    void rowsThatAreDueGoToAFileBeforeTheManifestIsFrozen() throws Exception {
        orders.answer(claim(FIRST, 1));
        var copy = regions.find(TwoNodes.REGION).orElseThrow();
        var written = copy.admission().write(TwoNodes.request(me, 1, 7), SOON);
        orders.answer(new Order.Freeze(SECOND, TwoNodes.REGION, new Epoch(1)));
        assertThat(copy.replica().memoryBytes()).isZero();
        var manifest = copy.replica().manifest();
        assertThat(manifest.files()).hasSize(1);
        assertThat(manifest.flushed()).isGreaterThan(written.offset());
        assertThat(copy.edits().isFrozenBy(SECOND)).isTrue();
    }

    @Test
    void aFormerLeaderFollowsWhenTheRegionComesBack() throws Exception {
        orders.answer(claim(FIRST, 1));
        var open = new Order.OpenFollower(SECOND, TwoNodes.REGION, WAL, TwoNodes.SCHEMA);
        assertThatThrownBy(() -> orders.answer(open)).isInstanceOf(TerraneException.Rejected.class);
        leases.finish(TwoNodes.REGION, new Epoch(1)); // it slept, and was replaced
        orders.answer(open);
        assertThat(role()).isInstanceOf(Role.Following.class);
    }

    @Test
    void whoWaitsForACopyThatHasStoppedIsToldSo() throws Exception {
        orders.answer(claim(FIRST, 1));
        regions.find(TwoNodes.REGION).orElseThrow().stop("for the test");
        var wait =
                new Order.AwaitApplied(
                        FIRST, TwoNodes.REGION, new WalOffset(9), 1, Duration.ofSeconds(10));
        assertThatThrownBy(() -> orders.answer(wait)).hasMessageContaining("for the test");
    }

    /// Rows of a version that nobody has written yet.
    private WalOffset appendPoison(long epoch) {
        var header = new WalRecord.Header(TwoNodes.REGION, new Epoch(epoch), 100);
        var rows = new WalRecord.Rows(header, 1, Optional.empty(), new byte[] {99});
        return wal.append(WalRecordCodec.encode(CLUSTER, rows));
    }

    @Test
    void aRecordThatCannotBeReadStopsEveryClaimUntilItIsGivenUp() throws Exception {
        orders.answer(claim(FIRST, 1));
        var copy = regions.find(TwoNodes.REGION).orElseThrow();
        copy.admission().write(TwoNodes.request(me, 1, 7), SOON);
        var poison = appendPoison(1);
        copy.admission().write(TwoNodes.request(me, 1, 8), SOON);
        for (long epoch = 2; epoch <= 3; epoch++) {
            var order = claim(SECOND, epoch);
            var told = (Order.Poisoned) orders.answer(order);
            assertThat(told.offset()).isEqualTo(poison);
            assertThat(told.rows()).isTrue();
            assertThat(told.reason()).contains("offset=" + poison, "partition=");
            assertThat(orders.answer(order)).as("asked again").isEqualTo(told);
            assertThat(role()).isInstanceOf(Role.Stopped.class);
        }
        var led = orders.answer(claim(SECOND, 4, Optional.of(poison)));
        assertThat(led)
                .isInstanceOfSatisfying(
                        Order.Leading.class,
                        leading -> assertThat(leading.unflushed().rows()).isEqualTo(2));
        assertThat(regions.find(TwoNodes.REGION).orElseThrow().replica().manifest().skipped())
                .containsExactly(poison);
        assertThat(orders.answer(claim(SECOND, 5)))
                .isInstanceOfSatisfying(
                        Order.Leading.class, again -> assertThat(again.skipped()).isOne());
        assertThat(terms.poisons().foundCount()).as("one record, met twice").isOne();
        assertThat(terms.poisons().skippedCount()).as("by two copies").isEqualTo(2);
        assertThat(terms.poisons().all()).isEmpty();
    }

    @Test
    void aCopyThatIsAboutToLeadIsClosedOnlyForALaterEpoch() throws Exception {
        orders.answer(claim(FIRST, 1));
        orders.answer(new Order.Close(FIRST, TwoNodes.REGION, new Epoch(1)));
        assertThat(role()).isInstanceOf(Role.Leading.class);
        var copy = regions.find(TwoNodes.REGION).orElseThrow();
        orders.answer(new Order.Close(SECOND, TwoNodes.REGION, new Epoch(2)));
        assertThat(copy.role()).isInstanceOf(Role.Stopped.class);
    }

    private Order.Followed follow(WalOffset flushed) throws InterruptedException {
        var order = new Order.Follow(List.of(new Order.Hot(TwoNodes.REGION, WAL, flushed)));
        orders.answer(order);
        hot.lookOnce();
        return (Order.Followed) orders.answer(order);
    }

    /// The region has a leader elsewhere, whose rows are in the log: a follower is opened here.
    private RegionCopy followed(long rows) throws Exception {
        orders.answer(claim(FIRST, 1));
        var leader = regions.find(TwoNodes.REGION).orElseThrow();
        for (long key = 0; key < rows; key++) {
            leader.admission().write(TwoNodes.request(me, 1, key), SOON);
        }
        leases.finish(TwoNodes.REGION, new Epoch(1));
        regions.remove(leader);
        assertThat(follow(WalOffset.ZERO).regions()).hasSize(1);
        var copy = regions.find(TwoNodes.REGION).orElseThrow();
        copy.awaitApplied(wal.end(WAL), SOON);
        return copy;
    }

    @Test
    void followerTakesOverWithoutReadingAgain() throws Exception {
        var copy = followed(5);
        assertThat(HotFollowers.isHot(copy)).isTrue();
        assertThat(copy.role()).isInstanceOf(Role.Following.class);
        orders.answer(claim(SECOND, 2));
        assertThat(regions.find(TwoNodes.REGION)).containsSame(copy);
        assertThat(role()).isInstanceOf(Role.Leading.class);
        assertThat(HotFollowers.isHot(copy)).isFalse();
        assertThat(copy.replica().unflushed().rows()).isEqualTo(5);
        copy.admission().write(TwoNodes.request(me, 2, 9), SOON);
        assertThat(copy.replica().unflushed().rows()).isEqualTo(6);
    }

    /// As the leader elsewhere would, that has put everything below `upTo` into files.
    private Manifest flushed(WalOffset upTo) throws InterruptedException {
        var source = openings.source();
        var manifests = source.manifests(TwoNodes.REGION);
        var now = source.latest(manifests, TwoNodes.REGION);
        var content = now.withContent(now.schema(), upTo, new Epoch(1), now.files(), now.keys());
        var next = content.next(manifests.writer(new Epoch(1), me.incarnation()));
        manifests.create(next);
        return next;
    }

    @Test
    void followerThatIsBehindTheClaimedVersionIsOpenedAnew() throws Exception {
        var ready = followed(3);
        var manifests = openings.source().manifests(TwoNodes.REGION);
        var behind = copy(HotFollowers.NOBODY, ready.replica().manifest(), manifests);
        regions.put(behind); // it has read nothing yet
        var flushed = flushed(wal.end(WAL)).flushed();
        orders.answer(claim(SECOND, 2));
        var leader = regions.find(TwoNodes.REGION).orElseThrow();
        assertThat(leader).isNotSameAs(behind);
        assertThat(leader.role()).isInstanceOf(Role.Leading.class);
        assertThat(leader.replica().manifest().flushed()).isEqualTo(flushed);
        assertThat(leader.replica().unflushed().rows()).isZero();
    }

    @Test
    void followerThatStopsAtARecordIsKnownAndIsOpenedAgainWhenThatIsInFiles() throws Exception {
        var copy = followed(2);
        var poison = appendPoison(1);
        assertThatThrownBy(() -> copy.awaitApplied(poison.next(), SOON))
                .hasMessageContaining("cannot be read");
        assertThat(terms.poisons().all())
                .singleElement()
                .satisfies(at -> {
                    assertThat(at.region()).isEqualTo(TwoNodes.REGION);
                    assertThat(at.offset()).isEqualTo(poison);
                    assertThat(at.rows()).isTrue();
                });
        assertThat(terms.poisons().foundCount()).isOne();
        assertThat(follow(WalOffset.ZERO).regions()).isEmpty();
        assertThat(regions.find(TwoNodes.REGION)).as("not opened for nothing").containsSame(copy);

        follow(flushed(poison.next()).flushed());
        var again = regions.find(TwoNodes.REGION).orElseThrow();
        assertThat(again).isNotSameAs(copy);
        again.awaitApplied(wal.end(WAL), SOON);
        orders.answer(claim(SECOND, 2));
        assertThat(terms.poisons().all()).isEmpty();
    }

    @Test
    void followerForgetsWhatItsLeaderHasFlushed() throws Exception {
        var copy = followed(4);
        long version = copy.replica().manifest().version();
        follow(flushed(copy.replica().applied()).flushed());
        assertThat(copy.replica().manifest().version()).isEqualTo(version + 1);
        assertThat(copy.replica().memoryBytes()).isZero();
        assertThat(copy.replica().unflushed().rows()).isZero();
        assertThat(regions.find(TwoNodes.REGION)).containsSame(copy);
    }

    @Test
    void followerThatHasStoppedIsOpenedAnew() throws Exception {
        var copy = followed(1);
        copy.stop("the log was pruned before it had read it");
        assertThat(follow(WalOffset.ZERO).regions()).hasSize(1);
        assertThat(regions.find(TwoNodes.REGION).orElseThrow()).isNotSameAs(copy);
        assertThat(role()).isInstanceOf(Role.Following.class);
    }

    @Test
    void followerJoinsTheMigrationThatComes() throws Exception {
        var copy = followed(2);
        orders.answer(new Order.OpenFollower(SECOND, TwoNodes.REGION, WAL, TwoNodes.SCHEMA));
        assertThat(regions.find(TwoNodes.REGION)).containsSame(copy);
        assertThat(copy.procedure()).isEqualTo(SECOND);
        assertThat(follow(WalOffset.ZERO).regions()).as("it is the procedure's now").isEmpty();
        orders.answer(new Order.Close(SECOND, TwoNodes.REGION, new Epoch(1)));
        assertThat(regions.find(TwoNodes.REGION)).isEmpty();
    }

    @Test
    void producerOfAFollowerIsUsedBeforeItIsNeeded() throws Exception {
        followed(2);
        lanes.close(); // as one would be found that has failed
        follow(WalOffset.ZERO);
        assertThat(lanes.lane(WAL).used()).isTrue();
        var end = wal.end(WAL);
        follow(WalOffset.ZERO);
        assertThat(wal.end(WAL)).as("once is enough").isEqualTo(end);
    }

    @Test
    void nothingIsOpenedToFollowSoonAfterAClaim() throws Exception {
        var copy = followed(1);
        copy.stop("the log was pruned before it had read it");
        var named = List.of(new Order.Hot(TwoNodes.REGION, WAL, WalOffset.ZERO));
        var polite = following(HOT_BYTES, SOON);
        polite.giveWay();
        polite.follow(new Order.Follow(named));
        polite.lookOnce();
        assertThat(role()).isInstanceOf(Role.Stopped.class);
        assertThat(follow(WalOffset.ZERO).regions()).as("at others' leisure").hasSize(1);
    }

    @Test
    void followersTakeNoMemoryFromThoseThatLead() throws Exception {
        var copy = followed(2);
        assertThat(copy.replica().memoryBytes()).isPositive();
        assertThat(regions.memoryBytes()).isZero();
        assertThat(regions.hotBytes()).isEqualTo(copy.replica().memoryBytes());
    }

    @Test
    void followersThatTakeTooMuchMemoryGo() throws Exception {
        var copy = followed(2);
        var small = following(1, Duration.ZERO);
        small.follow(
                new Order.Follow(List.of(new Order.Hot(TwoNodes.REGION, WAL, WalOffset.ZERO))));
        small.lookOnce();
        assertThat(regions.find(TwoNodes.REGION)).isEmpty();
        small.lookOnce();
        assertThat(regions.find(TwoNodes.REGION)).as("not at once again").isEmpty();
        assertThat(copy.role()).isInstanceOf(Role.Stopped.class);
    }

    @Test
    void nothingIsRememberedOfRegionsThatAreNotBeingOpened() throws Exception {
        orders.answer(claim(FIRST, 1));
        assertThat(openings.count()).isZero();
    }
}
