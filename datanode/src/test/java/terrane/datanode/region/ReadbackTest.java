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
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.TerraneException;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;
import terrane.datanode.Ack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Shows that nodes that read back what they append acknowledge by what the log says, and by no
/// clock. Two copies, one log in memory, whose readers and whose acknowledgements can be held up.
class ReadbackTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    /// Shorter than a tail that does not read lags, longer than one that does.
    private static final Duration NOT_LONG = Duration.ofMillis(300);

    /// Two of the batches here, which take some 50 bytes each, and not three.
    private static final long READ_BACK_BYTES_MAX = 2 * batchBytes() + batchBytes() / 2;

    @TempDir private Path folder;
    private TwoNodes nodes;

    private static long batchBytes() {
        var writer = new Incarnation(1, 1);
        var node = new Node(new PeerId(1), writer);
        return TwoNodes.request(node, 1, 100).batch().length;
    }

    @BeforeEach
    void openNodes() throws InterruptedException {
        nodes = new TwoNodes(folder, Ack.READBACK, READ_BACK_BYTES_MAX);
    }

    @AfterEach
    void closeNodes() {
        nodes.close();
    }

    @Test
    void aLeaderAcknowledgesWhatItReadsBackAndServesIt() throws Exception {
        var leader = nodes.side(1).leads(1);
        for (int key = 100; key < 150; key++) {
            leader.write(1, key);
        }
        assertThat(leader.rows(1)).isEqualTo(50);
    }

    @Test
    void whatHasLandedIsNotAcknowledgedBeforeItIsReadAndFoundByARetry() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.hideWhatComes();
        assertThatThrownBy(() -> leader.write(1, 100, NOT_LONG))
                .isInstanceOfSatisfying(
                        Uncertain.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
        assertThat(nodes.logSize()).isEqualTo(2);
        nodes.wal.showAll();
        assertThat(leader.write(1, 100).offset().value()).isEqualTo(1);
        assertThat(leader.rows(1)).isEqualTo(1);
    }

    @Test
    void whatIsReadIsNotAcknowledgedBeforeTheBrokerHasAcknowledgedIt() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.holdBack();
        assertThatThrownBy(() -> leader.write(1, 100, NOT_LONG)).isInstanceOf(Uncertain.class);
        assertThat(leader.rows(1)).as("applied as it was read").isEqualTo(1);
        nodes.wal.release();
        assertThat(leader.write(1, 100).offset().value()).isEqualTo(1);
    }

    @Test
    void aLapsedLeaseIsNoReasonNotToAcknowledgeWhatWasReadBack() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.holdBack();
        var late = leader.writeLater(1, 100);
        await().until(() -> nodes.logSize() == 2);
        leader.leases.finish(TwoNodes.REGION, new Epoch(1));
        nodes.wal.release();
        var written = late.get();
        assertThat(written.offset().value()).isEqualTo(1);
        assertThat(leader.write(1, 100).offset()).as("its retry").isEqualTo(written.offset());
        assertThatThrownBy(() -> leader.rows(1))
                .as("reads need it")
                .isInstanceOf(Unavailable.class);
        var next = nodes.side(2).leads(2);
        assertThat(next.rows(2)).isEqualTo(1);
    }

    @Test
    void whatLandsBehindASuccessorsFenceIsNeverAcknowledgedThoughTheLeaseIsHeld() throws Exception {
        var stale = nodes.side(1).leads(1);
        nodes.wal.hideWhatComes();
        nodes.side(2).fences(2);
        var behind = stale.writeLater(1, 100);
        await().until(() -> nodes.logSize() == 3);
        assertThat(stale.leases.held(TwoNodes.REGION, new Epoch(1))).isTrue();
        nodes.wal.showAll();
        assertFails(behind, Uncertain.class);
        assertThatThrownBy(() -> stale.write(1, 101)).isInstanceOf(NotLeader.class);
    }

    @Test
    void theSourceOfAHandoverReadsUpToItsOwnFenceAndNoFurther() throws Exception {
        var source = nodes.side(1).leads(1);
        var target = nodes.side(2).follows().prepares(2);
        source.write(1, 100);
        nodes.wal.holdBack();
        var inFlight = source.writeLater(1, 101);
        await().until(() -> nodes.logSize() == 3);
        var handing =
                nodes.meanwhile(() -> source.copy.handOver(new Epoch(1), target.hint(2), SOON));
        var leading = target.awaitLead(2);
        var next = target.writeLater(2, 102);
        await().until(() -> target.rows(2) == 3);
        nodes.wal.release();
        assertThat(inFlight.get().successor()).contains(target.hint(2));
        assertThat(leading.fence().isBelow(next.get().offset())).isTrue();
        assertThat(handing.get().unflushed()).isEqualTo(leading.unflushed());
        assertThat(handing.get().fence()).isEqualTo(leading.fence());
        assertThat(leading.agreed()).contains(true);
        assertThat(source.copy.replica().unflushed().rows()).isEqualTo(2);
    }

    @Test
    void theSourceDecidesWhatItReadsLateByWhereItLies() throws Exception {
        var source = nodes.side(1).leads(1);
        nodes.wal.hideWhatComes();
        var below = source.writeLater(1, 100);
        await().until(() -> nodes.logSize() == 2);
        var target = nodes.side(2);
        var handing =
                nodes.meanwhile(() -> source.copy.handOver(new Epoch(1), target.hint(2), SOON));
        await().until(() -> nodes.logSize() == 3);
        source.leases.finish(TwoNodes.REGION, new Epoch(1));
        nodes.wal.showAll();
        assertThat(below.get().successor()).contains(target.hint(2));
        assertThat(handing.get().unflushed().rows()).isEqualTo(1);
        assertThat(source.copy.role()).isInstanceOf(Role.HandedOver.class);
    }

    @Test
    void anAppendWithAnUnknownOutcomeIsNotAcknowledgedThoughItIsRead() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.loseAcknowledgement(record -> true);
        assertFails(leader.writeLater(1, 100), Uncertain.class);
        assertThat(nodes.gaveUp.take()).isEqualTo(new Epoch(1));
    }

    @Test
    void aLeaderThatCannotReadTheLogGivesUp() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.hideWhatComes();
        var waiting = leader.writeLater(1, 100);
        await().until(() -> nodes.logSize() == 2);
        nodes.wal.damage();
        assertFails(waiting, Uncertain.class);
        assertThat(nodes.gaveUp.take()).isEqualTo(new Epoch(1));
    }

    @Test
    void whatWaitsToBeReadBackIsBounded() throws Exception {
        var leader = nodes.side(1).leads(1);
        nodes.wal.hideWhatComes();
        var first = leader.writeLater(1, 100);
        var second = leader.writeLater(1, 101);
        await().until(() -> nodes.logSize() == 3);
        assertThatThrownBy(() -> leader.write(1, 102))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        nodes.wal.showAll();
        first.get();
        second.get();
        leader.write(1, 102);
        assertThat(leader.rows(1)).isEqualTo(3);
    }

    private static void assertFails(Future<?> future, Class<? extends TerraneException> type) {
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(type);
    }
}
