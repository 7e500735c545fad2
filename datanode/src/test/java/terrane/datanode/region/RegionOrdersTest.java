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
import terrane.datanode.Ack;
import terrane.datanode.lease.Granted;
import terrane.datanode.lease.LeaseTable;
import terrane.datanode.log.CountedReading;
import terrane.datanode.log.LogReading;
import terrane.datanode.log.MemoryWal;
import terrane.datanode.log.PartitionTails;
import terrane.datanode.log.ProducerLanes;
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
    private Duck duck;
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
                        new FileCache(store, cached, 1 << 20),
                        me,
                        clock,
                        new Flusher.Settings(FLUSH_BYTES, 1 << 20, spill, random));
        orders =
                new RegionOrders(
                        regions,
                        (procedure, manifest, manifests) ->
                                new RegionCopy(
                                        new RegionIdentity(
                                                CLUSTER,
                                                manifest.region(),
                                                WAL,
                                                me,
                                                new Address("n1", 1),
                                                procedure),
                                        new Replica(manifest, allocator),
                                        manifests,
                                        NodeTerms.of(leases, Ack.LEASE, new Holds()),
                                        clock,
                                        (region, epoch, reason) -> {}),
                        new RegionSource(CLUSTER, me, store, wal, clock, random),
                        leases,
                        new ProducerLanes(wal),
                        new PartitionTails(
                                new LogReading(
                                        wal,
                                        CLUSTER,
                                        clock,
                                        PlatformThreads.system(),
                                        new CountedReading())),
                        flusher);
    }

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
        return new Order.Claim(procedure, TwoNodes.REGION, new Epoch(epoch), WAL, TwoNodes.SCHEMA);
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

    @Test
    void aCopyThatIsAboutToLeadIsClosedOnlyForALaterEpoch() throws Exception {
        orders.answer(claim(FIRST, 1));
        orders.answer(new Order.Close(FIRST, TwoNodes.REGION, new Epoch(1)));
        assertThat(role()).isInstanceOf(Role.Leading.class);
        var copy = regions.find(TwoNodes.REGION).orElseThrow();
        orders.answer(new Order.Close(SECOND, TwoNodes.REGION, new Epoch(2)));
        assertThat(copy.role()).isInstanceOf(Role.Stopped.class);
    }
}
