package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Uncertain;
import terrane.core.WalOffset;
import terrane.wire.datanode.DataRequest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Shows who may acknowledge what, when the right passes from one copy to the next, when a lease
/// lapses, and when an append has an unknown outcome. Two copies, one log in memory.
class RegionCopyTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir private Path folder;
    private TwoNodes nodes;

    @BeforeEach
    void openNodes() throws InterruptedException {
        nodes = new TwoNodes(folder);
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Test
    void theTargetLeadsFromTheFenceOnWithEverythingBeforeIt() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).follows();
        source.write(1, 100);
        target.prepares(2);
        var handed = source.copy.handOver(new Epoch(1), target.hint(2), SOON);
        var leading = target.awaitLead(2);
        assertThat(leading.fence()).isEqualTo(handed.fence());
        assertThat(leading.agreed()).contains(true);
        assertThat(leading.unflushed()).isEqualTo(handed.unflushed());
        assertThat(target.rows(2)).isEqualTo(1);
        target.write(2, 101);
        assertThat(target.rows(2)).isEqualTo(2);
    }

    @Test
    void writesInFlightAtTheHandoverAreAcknowledgedWithTheSuccessorsName() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        nodes.wal.holdBack();
        long before = nodes.logSize();
        var inFlight = source.writeLater(1, 100);
        await().until(() -> nodes.logSize() > before);
        var handing =
                nodes.meanwhile(() -> source.copy.handOver(new Epoch(1), target.hint(2), SOON));
        await().until(() -> source.copy.role() instanceof Role.HandingOver);
        nodes.wal.release();
        assertThat(inFlight.get().successor()).contains(target.hint(2));
        handing.get();
        assertThat(target.awaitLead(2).agreed()).contains(true);
    }

    @Test
    void aFormerLeaderTellsWhoLeadsAndReadsNothing() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        source.copy.handOver(new Epoch(1), target.hint(2), SOON);
        assertThatThrownBy(() -> source.write(1, 100))
                .isInstanceOfSatisfying(
                        NotLeader.class, e -> assertThat(e.hint()).contains(target.hint(2)));
        assertThatThrownBy(() -> source.rows(1)).isInstanceOf(NotLeader.class);
    }

    @Test
    void aWriteThatIsEarlyAtTheTargetIsHeldUntilTheFence() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        var early = target.writeLater(2, 100);
        source.copy.handOver(new Epoch(1), target.hint(2), SOON);
        var fence = target.awaitLead(2).fence();
        assertThat(fence.isBelow(early.get().offset())).isTrue();
    }

    @Test
    void heldWritesAreAppendedTogetherAndEachKeyOnce() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        var known = source.write(1, 100);
        var held = new ArrayList<Future<DataRequest.Written>>();
        for (long key : new long[] {100, 101, 102, 102}) {
            held.add(target.writeLater(2, key));
        }
        await().until(() -> target.holds.heldBytes() > 3L * TwoNodes.batchBytes());
        source.copy.handOver(new Epoch(1), target.hint(2), SOON);
        var offsets = new ArrayList<WalOffset>();
        for (var write : held) {
            offsets.add(write.get().offset());
        }
        assertThat(offsets.get(0)).isEqualTo(known.offset());
        assertThat(offsets.get(2)).isEqualTo(offsets.get(3));
        assertThat(target.rows(2)).isEqualTo(3);
        assertThat(target.holds.heldBytes()).isZero();
    }

    @Test
    void heldWritesAreTurnedAwayByACopyThatStops() throws Exception {
        nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        var held = target.writeLater(2, 100);
        await().until(() -> target.holds.heldBytes() > 0);
        target.copy.stop("for this test");
        assertFails(held, NotLeader.class, ErrorCode.REGION_ELSEWHERE);
        assertThat(target.holds.heldBytes()).isZero();
    }

    @Test
    void aWriteForAnEarlierEpochIsNotHeld() throws Exception {
        nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        assertThatThrownBy(() -> target.write(1, 100)).isInstanceOf(NotLeader.class);
    }

    @Test
    void aRetryAtTheNextLeaderIsWrittenOnce() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        var first = source.write(1, 100);
        source.copy.handOver(new Epoch(1), target.hint(2), SOON);
        target.copy.awaitLead(new Epoch(2), SOON);
        assertThat(target.write(2, 100).offset()).isEqualTo(first.offset());
        assertThat(target.rows(2)).isEqualTo(1);
    }

    @Test
    void aKeyFromBeforeWhatIsRememberedIsRefusedAndNotWritten() throws Exception {
        nodes.keyFloor = new WalOffset(1);
        var leader = nodes.side(1).leads(1);
        long before = nodes.logSize();
        assertThatThrownBy(() -> leader.write(1, 100))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.KEY_FORGOTTEN))
                .hasMessageContaining("read back");
        assertThat(nodes.logSize()).isEqualTo(before);
    }

    @Test
    void twoTriesOfOneKeyAtOnceAreOneRecord() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.holdBack();
        var first = leader.writeLater(1, 100);
        var second = leader.writeLater(1, 100);
        await().until(() -> nodes.logSize() == 2);
        nodes.wal.release();
        assertThat(first.get().offset()).isEqualTo(second.get().offset());
        assertThat(leader.rows(1)).isEqualTo(1);
    }

    @Test
    void whatLandsAfterTheLeaseLapsedIsAppliedAndNotAcknowledged() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.holdBack();
        var late = leader.writeLater(1, 100);
        await().until(() -> nodes.logSize() == 2);
        leader.leases.finish(TwoNodes.REGION, new Epoch(1));
        nodes.wal.release();
        assertFails(late, Uncertain.class, ErrorCode.OUTCOME_UNKNOWN);
        assertThat(leader.copy.replica().unflushed().rows()).isEqualTo(1);
    }

    @Test
    void aCopyThatReadsItsFenceWithoutALeaseNeverLeads() throws Exception {
        var target = nodes.side(2).follows().prepares(2);
        target.leases.finish(TwoNodes.REGION, new Epoch(2));
        target.fences(2);
        assertThatThrownBy(() -> target.copy.awaitLead(new Epoch(2), SOON))
                .isInstanceOf(TerraneException.Unavailable.class);
        assertThat(target.copy.role()).isInstanceOf(Role.Stopped.class);
    }

    @Test
    void anUnknownAppendStopsTheLeaderAndAllThatIsInFlight() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.holdBack();
        var before = leader.writeLater(1, 100);
        await().until(() -> nodes.logSize() == 2);
        nodes.wal.loseAcknowledgement(record -> true);
        var lost = leader.writeLater(1, 101);
        await().until(() -> nodes.logSize() == 3);
        var behind = leader.writeLater(1, 102);
        await().until(() -> nodes.logSize() == 4);
        nodes.wal.release();
        assertThat(before.get().offset().value()).isEqualTo(1);
        assertFails(lost, Uncertain.class, ErrorCode.OUTCOME_UNKNOWN);
        assertFails(behind, Uncertain.class, ErrorCode.OUTCOME_UNKNOWN);
        assertThat(nodes.gaveUp.take()).isEqualTo(new Epoch(1));
        assertThatThrownBy(() -> leader.write(1, 103)).isInstanceOf(NotLeader.class);
    }

    @Test
    void staleRecordsBehindTheFenceDoNotExistForTheNextLeader() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).leads(2); // reclaimed: the source does not know
        var stale = source.writeLater(1, 100);
        stale.get(); // its own table of leases still says yes: what forbids it is the metasrv
        target.write(2, 101);
        assertThat(target.rows(2)).isEqualTo(1);
    }

    @Test
    void aLeaderThatIsAskedUnderAnotherEpochNamesItsOwn() throws Exception {
        var leader = nodes.side(1).leads(3);
        assertThatThrownBy(() -> leader.write(2, 100))
                .isInstanceOfSatisfying(
                        NotLeader.class,
                        e -> assertThat(e.hint()).isEqualTo(Optional.of(leader.hint(3))));
    }

    private static void assertFails(
            Future<?> future, Class<? extends TerraneException> type, ErrorCode code) {
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(type)
                .extracting(e -> ((TerraneException) e).code())
                .isEqualTo(code);
    }
}
