package terrane.metasrv.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import static terrane.metasrv.procedure.Town.FIRST;
import static terrane.metasrv.procedure.Town.SECOND;

import org.junit.jupiter.api.Test;

import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.lease.LeaseTerms;
import terrane.core.lease.Suspicion;
import terrane.metasrv.node.HandClock;

import java.time.Duration;

/// Who did not listen has heard nobody, which is no reason to suspect anybody.
class ListeningTest {
    private static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(3));
    private static final Duration LOOK = Duration.ofMillis(100);

    private final HandClock clock = new HandClock();
    private final Listening listening = new Listening(Suspicion.Parameters.USUAL, TERMS, clock);

    /// Looks as often as failover does; the node's heartbeats arrive meanwhile, or none do.
    private void listen(Duration duration, boolean heard) {
        for (long looks = 0; looks < duration.dividedBy(LOOK); looks++) {
            clock.pass(LOOK);
            listening.awake();
            if (heard && looks % 5 == 0) {
                listening.heard(FIRST);
            }
        }
    }

    @Test
    void nodeThatIsSilentForALeaseIsSuspected() {
        listen(Duration.ofMinutes(1), true);
        assertThat(listening.suspects(FIRST)).isFalse();
        listen(Duration.ofSeconds(1), false);
        assertThat(listening.suspects(FIRST)).isFalse();
        listen(Duration.ofSeconds(2), false);
        assertThat(listening.suspects(FIRST)).isTrue();
        listening.heard(FIRST);
        assertThat(listening.suspects(FIRST)).isFalse();
    }

    @Test
    void nodeThatWasNeverHeardIsGivenAsMuchTimeFromTheFirstLook() {
        listen(Duration.ofMinutes(1), false);
        assertThat(listening.suspects(SECOND)).isFalse();
        listen(Duration.ofSeconds(3), false);
        assertThat(listening.suspects(SECOND)).isTrue();
    }

    @Test
    void machineThatSleptSuspectsNobodyAndThenAsSoonAsBefore() {
        listen(Duration.ofMinutes(1), true);
        clock.pass(Duration.ofHours(8));
        assertThat(listening.suspects(FIRST)).isFalse();
        listen(Duration.ofSeconds(1), false);
        assertThat(listening.suspects(FIRST)).isFalse();
        listen(Duration.ofSeconds(2), false);
        assertThat(listening.suspects(FIRST)).isTrue();
    }

    @Test
    void sleepDoesNotMakeUpForASilenceBeforeIt() {
        listen(Duration.ofMinutes(1), true);
        listen(Duration.ofSeconds(3), false);
        clock.pass(Duration.ofHours(8));
        assertThat(listening.suspects(FIRST)).isTrue();
    }

    @Test
    void anotherIncarnationHasNoPast() {
        listen(Duration.ofMinutes(1), true);
        listen(Duration.ofSeconds(5), false);
        assertThat(listening.suspects(FIRST)).isTrue();
        var again = new Node(FIRST.peer(), new Incarnation(9, 9));
        listening.heard(again);
        assertThat(listening.suspects(again)).isFalse();
        assertThat(listening.phi()).containsOnlyKeys(FIRST.peer());
    }
}
