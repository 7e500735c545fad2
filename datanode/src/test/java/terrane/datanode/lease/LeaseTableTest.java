package terrane.datanode.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;
import terrane.wire.metasrv.NodeRequest.HeartbeatAnswer;
import terrane.wire.metasrv.NodeRequest.RegionEpoch;

import java.time.Duration;
import java.util.List;

/// Shows what an answer to a heartbeat is worth, and what it is not.
class LeaseTableTest {
    private static final RegionId REGION = new RegionId(7);
    private static final Epoch FIRST = new Epoch(1);
    private static final Epoch SECOND = new Epoch(2);
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final SystemClock clock = new SystemClock();
    private final LeaseTable leases = new LeaseTable(clock);

    @Test
    void aLeaseCountsFromWhenItsHeartbeatWasSent() {
        leases.want(REGION, FIRST);
        var draft = leases.draft();
        long longAgo = clock.nanos() - LEASE.toNanos() - 1;
        leases.answered(draft, granted(draft), longAgo, LEASE);
        assertThat(leases.held(REGION, FIRST)).isFalse();
        leases.answered(draft, granted(draft), clock.nanos(), LEASE);
        assertThat(leases.held(REGION, FIRST)).isTrue();
    }

    @Test
    void anAnswerToAHeartbeatBeforeTheWishGivesNothing() {
        var before = leases.draft();
        leases.want(REGION, FIRST);
        leases.answered(before, granted(before), clock.nanos(), LEASE);
        assertThat(leases.held(REGION, FIRST)).isFalse();
    }

    @Test
    void whatIsRefusedIsNotHeld() {
        leases.want(REGION, FIRST);
        var draft = leases.draft();
        var refused = List.of(new RegionEpoch(REGION, FIRST));
        leases.answered(
                draft,
                new HeartbeatAnswer(1, draft.setVersion(), true, refused),
                clock.nanos(),
                LEASE);
        assertThat(leases.held(REGION, FIRST)).isFalse();
    }

    @Test
    void aLaterEpochIsNotHeldByTheLeaseOfTheEarlier() {
        leases.want(REGION, FIRST);
        Granted.all(leases, clock, LEASE);
        leases.want(REGION, SECOND);
        assertThat(leases.held(REGION, FIRST)).isFalse();
        assertThat(leases.held(REGION, SECOND)).isFalse();
    }

    @Test
    void aFinalEpochIsNeverWantedAgainAndIsSaidUntilAnswered() {
        leases.want(REGION, FIRST);
        Granted.all(leases, clock, LEASE);
        leases.finish(REGION, FIRST);
        assertThat(leases.held(REGION, FIRST)).isFalse();
        assertThat(leases.draft().finals()).containsExactly(new RegionEpoch(REGION, FIRST));
        Granted.all(leases, clock, LEASE);
        assertThat(leases.draft().finals()).isEmpty();
        assertThatThrownBy(() -> leases.want(REGION, FIRST))
                .isInstanceOf(TerraneException.Rejected.class);
    }

    @Test
    void changesAreSaidOnceAndTheWholeSetAfterAMismatch() {
        leases.want(REGION, FIRST);
        assertThat(leases.draft().added()).containsExactly(new RegionEpoch(REGION, FIRST));
        Granted.all(leases, clock, LEASE);
        assertThat(leases.draft().added()).isEmpty();
        var draft = leases.draft();
        leases.answered(draft, new HeartbeatAnswer(2, 0, false, List.of()), clock.nanos(), LEASE);
        assertThat(leases.draft().baseVersion()).isZero();
        assertThat(leases.draft().added()).containsExactly(new RegionEpoch(REGION, FIRST));
    }

    @Test
    void aReplacedEpochIsRemovedAndAdded() {
        leases.want(REGION, FIRST);
        Granted.all(leases, clock, LEASE);
        leases.want(REGION, SECOND);
        var draft = leases.draft();
        assertThat(draft.removed()).containsExactly(new RegionEpoch(REGION, FIRST));
        assertThat(draft.added()).containsExactly(new RegionEpoch(REGION, SECOND));
    }

    @Test
    void anOrderThatComesLateDoesNotTakeTheLeaseOfALaterEpochAway() {
        leases.want(REGION, SECOND);
        Granted.all(leases, clock, LEASE);
        assertThatThrownBy(() -> leases.want(REGION, FIRST))
                .isInstanceOf(TerraneException.Rejected.class);
        assertThat(leases.held(REGION, SECOND)).isTrue();
    }

    @Test
    void whatIsFinalIsSaidAgainToTheNextMetasrv() {
        leases.want(REGION, FIRST);
        leases.finish(REGION, FIRST);
        Granted.all(leases, clock, LEASE);
        assertThat(leases.draft().finals()).isEmpty();
        leases.newSession();
        assertThat(leases.draft().finals()).containsExactly(new RegionEpoch(REGION, FIRST));
    }

    @Test
    void whatIsFinalIsRememberedForTheNewestRegionsOnly() {
        for (int region = 0; region <= LeaseTable.FINISHED_MAX; region++) {
            leases.finish(new RegionId(region), FIRST);
        }
        Granted.all(leases, clock, LEASE);
        leases.newSession();
        assertThat(leases.draft().finals())
                .hasSize(LeaseTable.FINISHED_MAX)
                .doesNotContain(new RegionEpoch(new RegionId(0), FIRST))
                .contains(new RegionEpoch(new RegionId(LeaseTable.FINISHED_MAX), FIRST));
    }

    @Test
    void aNodeThatLeavesHoldsNothingAndGetsNothing() {
        leases.want(REGION, FIRST);
        Granted.all(leases, clock, LEASE);
        var draft = leases.draft();
        leases.leave();
        leases.answered(draft, granted(draft), clock.nanos(), LEASE);
        assertThat(leases.held(REGION, FIRST)).isFalse();
        assertThatThrownBy(() -> leases.want(REGION, SECOND))
                .isInstanceOf(TerraneException.Rejected.class);
    }

    private static HeartbeatAnswer granted(LeaseTable.Draft draft) {
        return new HeartbeatAnswer(1, draft.setVersion(), true, List.of());
    }
}
