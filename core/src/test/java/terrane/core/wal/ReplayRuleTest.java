package terrane.core.wal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.wal.ReplayRule.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// The rule's verdict for every kind of record below, at and above the epoch in force; and that a
/// stale leader's records do not exist, whatever order they land in.
class ReplayRuleTest {
    private static final ReplayRule AT_5 = new ReplayRule(new Epoch(5));

    @Test
    void recordsOfTheEpochInForceApply() {
        assertThat(AT_5.verdict(Records.rows(5))).isEqualTo(Verdict.APPLY);
        assertThat(AT_5.verdict(Records.schema(5))).isEqualTo(Verdict.APPLY);
        assertThat(AT_5.verdict(Records.truncate(5))).isEqualTo(Verdict.APPLY);
    }

    @Test
    void recordsOfEveryOtherEpochDoNotExist() {
        for (long epoch : new long[] {0, 4, 6, Long.MAX_VALUE}) {
            assertThat(AT_5.verdict(Records.rows(epoch))).isEqualTo(Verdict.IGNORE);
            assertThat(AT_5.verdict(Records.schema(epoch))).isEqualTo(Verdict.IGNORE);
            assertThat(AT_5.verdict(Records.truncate(epoch))).isEqualTo(Verdict.IGNORE);
        }
    }

    @Test
    void onlyHigherFencesTakeEffect() {
        assertThat(AT_5.verdict(Records.fence(4))).isEqualTo(Verdict.IGNORE);
        assertThat(AT_5.verdict(Records.fence(5))).isEqualTo(Verdict.IGNORE);
        assertThat(AT_5.verdict(Records.fence(6))).isEqualTo(Verdict.FENCE);
        assertThat(AT_5.next(Records.fence(4))).isEqualTo(AT_5);
        assertThat(AT_5.next(Records.fence(5))).isEqualTo(AT_5);
        assertThat(AT_5.next(Records.fence(9))).isEqualTo(new ReplayRule(new Epoch(9)));
    }

    @Test
    void warmUpIsAlwaysIgnored() {
        for (long epoch = 0; epoch < 10; epoch++) {
            assertThat(AT_5.verdict(Records.warmUp(epoch))).isEqualTo(Verdict.IGNORE);
            assertThat(AT_5.next(Records.warmUp(epoch))).isEqualTo(AT_5);
        }
    }

    @Test
    void nothingButAFenceChangesTheRule() {
        for (var record : Records.ofEachKind(6)) {
            assertThat(AT_5.next(record).equals(AT_5))
                    .isEqualTo(!(record instanceof WalRecord.Fence));
        }
    }

    @Test
    void staleLeaderWritesIntoTheVoidAfterItsSuccessorsFence() {
        var log =
                List.<WalRecord>of(
                        Records.fence(1),
                        Records.rows(1),
                        Records.fence(2),
                        Records.rows(1),
                        Records.rows(2));
        assertThat(applied(log)).containsExactly(1, 4);
    }

    @Test
    void lateFenceOfAPassedOverEpochChangesNothing() {
        var log =
                List.<WalRecord>of(
                        Records.fence(3),
                        Records.rows(3),
                        Records.fence(2),
                        Records.rows(2),
                        Records.rows(3));
        assertThat(applied(log)).containsExactly(1, 4);
    }

    @Test
    void everyLogIsReadAlikeFromEveryPointOfIt() {
        var random = new Random(3);
        for (int i = 0; i < 1_000; i++) {
            var log = new ArrayList<WalRecord>();
            for (int n = 0; n < 30; n++) {
                long epoch = random.nextInt(5);
                log.add(random.nextInt(3) == 0 ? Records.fence(epoch) : Records.rows(epoch));
            }
            assertThat(applied(log)).allMatch(at -> highestFenceBelow(log, at) == epochOf(log, at));
        }
    }

    private static long highestFenceBelow(List<WalRecord> log, int at) {
        return log.subList(0, at).stream()
                .filter(WalRecord.Fence.class::isInstance)
                .mapToLong(record -> record.header().epoch().value())
                .max()
                .orElse(0);
    }

    private static long epochOf(List<WalRecord> log, int at) {
        return log.get(at).header().epoch().value();
    }

    private static List<Integer> applied(List<WalRecord> log) {
        var rule = new ReplayRule(Epoch.NONE);
        var applied = new ArrayList<Integer>();
        for (int at = 0; at < log.size(); at++) {
            if (rule.verdict(log.get(at)) == Verdict.APPLY) {
                applied.add(at);
            }
            rule = rule.next(log.get(at));
        }
        return applied;
    }
}
