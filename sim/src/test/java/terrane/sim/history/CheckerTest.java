package terrane.sim.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/// Shows that the checker finds each thing that must never be seen, and finds nothing in histories
/// that a correct cluster may produce, among them the surprising ones.
class CheckerTest {
    private static final String LOG = "log";
    private static final String GAUGE = "gauge";
    private static final Map<String, Keeping> TABLES =
            Map.of(LOG, Keeping.ALL, GAUGE, Keeping.LAST);

    private final History history = new History();

    @Test
    void acknowledgedRowsThatAreThereOnceAreFine() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, LOG, 1, 2, 3);
        write(2, 5, 15, Outcome.ACKNOWLEDGED, GAUGE, 1);
        readAll(3, 20, LOG, 1, 2, 3);
        readAll(3, 30, GAUGE, 1);

        var verdict = verdict();

        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.acknowledgedRows()).isEqualTo(4);
        assertThat(verdict.reads()).isEqualTo(2);
    }

    @Test
    void acknowledgedRowThatIsMissingIsLost() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, LOG, 1, 2);
        readAll(2, 20, LOG, 1);
        assertThat(kinds()).containsExactly(Violation.Kind.LOST);
    }

    @Test
    void rowThatIsThereTwiceIsDoubled() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, LOG, 1);
        readAll(2, 20, LOG, 1, 1);
        assertThat(kinds()).containsExactly(Violation.Kind.DOUBLED);
    }

    @Test
    void unknownRowMayBeThereOrNotButNotTwice() {
        write(1, 0, 10, Outcome.UNKNOWN, LOG, 1);
        write(1, 11, 12, Outcome.UNKNOWN, LOG, 2);
        readAll(2, 20, LOG, 1);
        assertThat(kinds()).isEmpty();
        readAll(2, 30, LOG, 1, 2, 2);
        assertThat(kinds()).containsExactly(Violation.Kind.DOUBLED);
    }

    @Test
    void rowThatNobodyWroteIsInvented() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, LOG, 1);
        readAll(2, 20, LOG, 1, 7);
        assertThat(kinds()).containsExactly(Violation.Kind.INVENTED);
    }

    @Test
    void rowThatIsSeenBeforeItsWriteBeganIsInvented() {
        write(1, 50, 60, Outcome.ACKNOWLEDGED, LOG, 1);
        readAll(2, 20, LOG, 1);
        readAll(2, 70, LOG, 1);
        assertThat(kinds()).containsExactly(Violation.Kind.INVENTED);
    }

    @Test
    void refusedRowMayNotBeThere() {
        write(1, 0, 10, Outcome.REFUSED, LOG, 1);
        readAll(2, 20, LOG, 1);
        assertThat(kinds()).containsExactly(Violation.Kind.REFUSED_YET_THERE);
    }

    @Test
    void sessionThatMissesItsOwnWriteIsToldApart() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, LOG, 1);
        readAll(1, 20, LOG);
        readAll(1, 30, LOG, 1);
        assertThat(kinds()).containsExactly(Violation.Kind.OWN_WRITE_UNSEEN);
    }

    @Test
    void rowThatIsStillBeingWrittenNeedNotBeSeen() {
        write(1, 0, 25, Outcome.ACKNOWLEDGED, LOG, 1);
        readAll(2, 20, LOG);
        readAll(2, 30, LOG, 1);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void rowThatWasSeenMayNotGoAgainEvenIfUnknown() {
        write(1, 0, 10, Outcome.UNKNOWN, LOG, 1);
        readAll(2, 20, LOG, 1);
        readAll(2, 30, LOG);
        assertThat(kinds()).containsExactly(Violation.Kind.BACK_IN_TIME);
    }

    @Test
    void anotherSessionMaySeeAnUnknownRowLater() {
        write(1, 0, 10, Outcome.UNKNOWN, LOG, 1);
        readAll(2, 20, LOG, 1);
        readAll(3, 15, LOG);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void lowerSerialsThanAskedForAreNotMissed() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, LOG, 1, 2, 3);
        readAll(2, 20, LOG, 1, 2, 3);
        history.add(
                new Read(
                        2,
                        new Span(30, 31),
                        new Scope(LOG, Set.of("a"), 3),
                        List.of(new Row(LOG, "a", 3))));
        assertThat(kinds()).isEmpty();
    }

    @Test
    void newestRowOfAKeyHidesOlderOnes() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, GAUGE, 1);
        write(1, 11, 20, Outcome.ACKNOWLEDGED, GAUGE, 2);
        readAll(2, 30, GAUGE, 2);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void overwrittenRowThatIsSeenMeansThatTheNewerIsLost() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, GAUGE, 1);
        write(1, 11, 20, Outcome.ACKNOWLEDGED, GAUGE, 2);
        readAll(2, 30, GAUGE, 1);
        assertThat(kinds()).containsExactly(Violation.Kind.LOST);
    }

    @Test
    void writesAtTheSameTimeMayLandInEitherOrder() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, GAUGE, 1);
        write(2, 5, 15, Outcome.ACKNOWLEDGED, GAUGE, 2);
        readAll(3, 30, GAUGE, 1);
        readAll(4, 30, GAUGE, 2);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void unknownRowMayOverwriteLongAfterwards() {
        write(1, 0, 10, Outcome.UNKNOWN, GAUGE, 1);
        write(1, 11, 20, Outcome.ACKNOWLEDGED, GAUGE, 2);
        readAll(2, 30, GAUGE, 2);
        readAll(2, 40, GAUGE, 1);
        assertThat(kinds()).isEmpty();
    }

    @Test
    void olderRowAfterANewerOneGoesBackInTime() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, GAUGE, 1);
        write(1, 11, 90, Outcome.ACKNOWLEDGED, GAUGE, 2);
        readAll(2, 30, GAUGE, 2);
        readAll(2, 40, GAUGE, 1);
        readAll(2, 100, GAUGE, 2);
        assertThat(kinds()).containsExactly(Violation.Kind.BACK_IN_TIME);
    }

    @Test
    void keyWithTwoRowsIsDoubledWhereTheLastIsKept() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, GAUGE, 1);
        write(2, 0, 10, Outcome.ACKNOWLEDGED, GAUGE, 2);
        readAll(3, 30, GAUGE, 1, 2);
        assertThat(kinds()).containsExactly(Violation.Kind.DOUBLED);
    }

    @Test
    void keyThatIsGoneIsLostAndGoesBackInTime() {
        write(1, 0, 10, Outcome.ACKNOWLEDGED, GAUGE, 1);
        readAll(2, 20, GAUGE, 1);
        readAll(2, 30, GAUGE);
        assertThat(kinds())
                .containsExactlyInAnyOrder(Violation.Kind.LOST, Violation.Kind.BACK_IN_TIME);
    }

    @Test
    void errorIsAViolationUnlessItIsAllowedThen() {
        history.add(error(10, ClientError.Kind.CONNECTION));
        history.add(error(200, ClientError.Kind.UNAVAILABLE));
        history.add(error(300, ClientError.Kind.CONNECTION));
        assertThat(kinds()).hasSize(3).containsOnly(Violation.Kind.ERROR);

        history.allow(new Allowance(new Span(0, 100), Set.of(ClientError.Kind.CONNECTION)));
        history.allow(new Allowance(new Span(190, 310), Set.of(ClientError.Kind.UNAVAILABLE)));
        assertThat(kinds()).containsExactly(Violation.Kind.ERROR);
        assertThat(verdict().toString()).contains("kind=CONNECTION").contains("beganNanos=300");
    }

    @Test
    void historyWithoutALookAtTheEndProvesNothing() {
        readAll(2, 5, LOG);
        write(1, 10, 20, Outcome.ACKNOWLEDGED, LOG, 1);
        history.add(
                new Read(
                        2,
                        new Span(30, 31),
                        new Scope(LOG, Set.of("a"), 0),
                        List.of(new Row(LOG, "a", 1))));
        assertThat(kinds()).containsExactly(Violation.Kind.INCOMPLETE);
    }

    private void write(
            int session, long began, long ended, Outcome outcome, String table, long... serials) {
        var rows = LongStream.of(serials).mapToObj(serial -> new Row(table, "a", serial)).toList();
        history.add(new Write(session, new Span(began, ended), outcome, rows));
    }

    private void readAll(int session, long at, String table, long... serials) {
        var rows = LongStream.of(serials).mapToObj(serial -> new Row(table, "a", serial)).toList();
        history.add(new Read(session, new Span(at, at + 1), Scope.everything(table), rows));
    }

    private static ClientError error(long at, ClientError.Kind kind) {
        return new ClientError(1, new Span(at, at + 1), kind, "no");
    }

    private Verdict verdict() {
        return Checker.check(history, TABLES);
    }

    private List<Violation.Kind> kinds() {
        return verdict().violations().stream().map(Violation::kind).toList();
    }
}
