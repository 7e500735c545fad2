package terrane.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TableId;

import java.time.Duration;

/// Shows when a lease counts as lapsed: never before its holder must think so too.
class LeaseLedgerTest {
    private static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(3));
    private static final long HONOURED = TERMS.honoured().toNanos();
    private static final RegionId REGION = TableId.FIRST.region(0);
    private static final RegionId OTHER = TableId.FIRST.region(1);
    private static final Node NODE = new Node(new PeerId(1), new Incarnation(1, 1));

    /// Close to the end of the scale, so that deadlines lie beyond its wrap-around.
    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(8).toNanos();

    private final LeaseLedger ledger = new LeaseLedger(TERMS, Duration.ofSeconds(5), START);
    private final long settled = START + new LeaseTerms(Duration.ofSeconds(5)).honoured().toNanos();

    @Test
    void freshLeaderTrustsNoUnknownLeaseBeforeTheLongestEverHasLapsed() {
        assertThat(ledger.lapsed(REGION, new Epoch(2), settled - 1)).isFalse();
        assertThat(ledger.lapsed(REGION, new Epoch(2), settled)).isTrue();
        assertThat(ledger.lapsed(NODE, settled - 1)).isFalse();
        assertThat(ledger.lapsed(NODE, settled)).isTrue();
    }

    @Test
    void firstEpochWaitsForNobody() {
        assertThat(ledger.lapsed(REGION, new Epoch(1), START)).isTrue();
    }

    @Test
    void grantedLeaseLapsesAfterItsDurationAndTheDriftAllowance() {
        long answered = settled + 100;
        ledger.grant(REGION, new Epoch(1), answered);
        assertThat(ledger.lapsed(REGION, new Epoch(2), answered + HONOURED - 1)).isFalse();
        assertThat(ledger.lapsed(REGION, new Epoch(2), answered + HONOURED)).isTrue();
        assertThat(ledger.lapsed(OTHER, new Epoch(2), answered)).isTrue();
    }

    @Test
    void onlyLowerEpochsCount() {
        ledger.grant(REGION, new Epoch(4), settled);
        assertThat(ledger.lapsed(REGION, new Epoch(4), settled)).isTrue();
        assertThat(ledger.lapsed(REGION, new Epoch(5), settled)).isFalse();
    }

    @Test
    void conditionalLeaseOfAHandoverIsWaitedForLikeAnyOther() {
        ledger.grant(REGION, new Epoch(1), settled);
        ledger.grant(REGION, new Epoch(2), settled + 50);
        ledger.finalized(REGION, new Epoch(1));
        assertThat(ledger.untilLapsed(REGION, new Epoch(3), settled + 50))
                .isEqualTo(Duration.ofNanos(HONOURED));
    }

    @Test
    void earlierAnswerNeverShortensALease() {
        ledger.grant(REGION, new Epoch(1), settled + 100);
        ledger.grant(REGION, new Epoch(1), settled);
        assertThat(ledger.lapsed(REGION, new Epoch(2), settled + HONOURED)).isFalse();
    }

    @Test
    void holdersOwnWordEndsALeaseAndIsNotForgotten() {
        ledger.grant(REGION, new Epoch(1), settled);
        ledger.finalized(REGION, new Epoch(1));
        assertThat(ledger.lapsed(REGION, new Epoch(2), settled)).isTrue();
        assertThat(ledger.isFinal(REGION, new Epoch(1))).isTrue();
        assertThat(ledger.isFinal(OTHER, new Epoch(1))).isFalse();
    }

    @Test
    void finalWordCannotShortenWhatAnEarlierLeaderMayHaveGranted() {
        ledger.finalized(REGION, new Epoch(1));
        assertThat(ledger.lapsed(REGION, new Epoch(3), START)).isFalse();
    }

    @Test
    void nodeIsWaitedForFromItsLastAnswer() {
        ledger.answered(NODE, settled);
        ledger.answered(NODE, settled + 10);
        assertThat(ledger.lapsed(NODE, settled + 9 + HONOURED)).isFalse();
        assertThat(ledger.lapsed(NODE, settled + 10 + HONOURED)).isTrue();
    }

    @Test
    void remainingIsLessThanTheHolderHas() {
        ledger.grant(REGION, new Epoch(1), settled);
        var sentBefore = Duration.ofMillis(7);
        assertThat(ledger.remaining(REGION, new Epoch(1), sentBefore, settled))
                .isPositive()
                .isLessThan(TERMS.duration().minus(sentBefore));
        assertThat(ledger.remaining(REGION, new Epoch(2), sentBefore, settled)).isZero();
        assertThat(ledger.remaining(REGION, new Epoch(1), sentBefore, settled + HONOURED)).isZero();
    }
}
