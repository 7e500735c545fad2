package terrane.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Random;

/// A silence is suspicious by how unusual it is for this node, in time and never twice, over many
/// rhythms drawn at random.
class SuspicionTest {
    private static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(3));
    private static final long LEASE = TERMS.duration().toNanos();
    private static final long INTERVAL = TERMS.heartbeatInterval().toNanos();
    private static final int RHYTHMS = 300;

    private static Suspicion fresh(long now) {
        return new Suspicion(Suspicion.Parameters.USUAL, TERMS, now);
    }

    @Test
    void regularNodeIsSuspectedBeforeItsLeaseLapsesAndNotAfterTwoMissedHeartbeats() {
        long now = 1_000;
        var node = fresh(now);
        for (int i = 0; i < 300; i++) {
            now += INTERVAL;
            node.heard(now);
        }
        assertThat(node.suspects(now + 3 * INTERVAL)).isFalse();
        assertThat(node.suspects(now + LEASE)).isTrue();
    }

    @Test
    void nodeThatWasNeverHeardIsSuspectedWithinALease() {
        assertThat(fresh(0).suspects(INTERVAL)).isFalse();
        assertThat(fresh(0).suspects(LEASE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void suspicionOnlyGrowsWithSilenceAndEndsWithAWord(long seed) {
        var random = new Random(seed);
        for (int rhythm = 0; rhythm < RHYTHMS; rhythm++) {
            long now = random.nextLong();
            var node = fresh(now);
            for (int i = random.nextInt(400); i > 0; i--) {
                now += 1 + random.nextLong(2 * INTERVAL);
                node.heard(now);
                assertThat(node.suspects(now)).isFalse();
            }
            double before = 0;
            boolean suspected = false;
            for (long silence = 0; silence < 20 * INTERVAL; silence += INTERVAL / 7) {
                double phi = node.phi(now + silence);
                assertThat(phi).isGreaterThanOrEqualTo(before);
                assertThat(suspected && !node.suspects(now + silence)).isFalse();
                suspected = node.suspects(now + silence);
                before = phi;
            }
            node.heard(now + 1_000 * INTERVAL);
            assertThat(node.suspects(now + 1_000 * INTERVAL)).isFalse();
        }
    }

    /// What failover may be late by at most, beyond the lease that it waits for anyway.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverItsRhythmWasASilenceOfTwoLeasesIsSuspectedAndOneOfThePauseIsNot(long seed) {
        var random = new Random(seed);
        for (int rhythm = 0; rhythm < RHYTHMS; rhythm++) {
            long now = random.nextLong();
            long slowest = 1 + random.nextLong(10 * LEASE);
            var node = fresh(now);
            for (int i = random.nextInt(400); i > 0; i--) {
                now += 1 + random.nextLong(slowest);
                node.heard(now);
            }
            var pause = Suspicion.Parameters.USUAL.pause().toNanos();
            assertThat(node.suspects(now + pause)).isFalse();
            assertThat(node.suspects(now + 2 * LEASE)).isTrue();
        }
    }

    @Test
    void irregularNodeIsGivenMoreTime() {
        var random = new Random(1);
        long now = 0;
        long other = 0;
        var regular = fresh(0);
        var irregular = fresh(0);
        for (int i = 0; i < 200; i++) {
            now += INTERVAL;
            regular.heard(now);
            other += random.nextLong(2 * INTERVAL);
            irregular.heard(other);
        }
        for (long silence = 4 * INTERVAL; silence < 12 * INTERVAL; silence += INTERVAL) {
            assertThat(irregular.phi(other + silence))
                    .isLessThanOrEqualTo(regular.phi(now + silence));
        }
    }

    @Test
    void outageIsForgottenWithinAMinuteOfHeartbeats() {
        long now = 0;
        var node = fresh(0);
        node.heard(now += Duration.ofHours(1).toNanos());
        for (int i = 0; i < 120; i++) {
            node.heard(now += INTERVAL);
        }
        assertThat(node.suspects(now + LEASE)).isTrue();
    }

    @Test
    void whoDidNotListenSuspectsNobody() {
        long now = 0;
        var node = fresh(now);
        for (int i = 0; i < 50; i++) {
            now += INTERVAL;
            node.heard(now);
        }
        long woken = now + Duration.ofHours(8).toNanos();
        assertThat(node.suspects(woken)).isTrue();
        node.deaf(Duration.ofHours(8), woken);
        assertThat(node.suspects(woken)).isFalse();
        assertThat(node.suspects(woken + LEASE)).isTrue();
    }

    @Test
    void wordsThatComeOutOfOrderOrTwiceChangeNothing() {
        var node = fresh(0);
        node.heard(INTERVAL);
        double before = node.phi(4 * INTERVAL);
        node.heard(INTERVAL);
        node.heard(INTERVAL / 2);
        assertThat(node.phi(4 * INTERVAL)).isEqualTo(before);
    }
}
