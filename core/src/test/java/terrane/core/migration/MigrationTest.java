package terrane.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.TableId;
import terrane.core.migration.MigrationState.CatchingUp;
import terrane.core.migration.MigrationState.Completed;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.Finished;
import terrane.core.migration.MigrationState.HandingOver;
import terrane.core.migration.MigrationState.Opening;
import terrane.core.migration.MigrationState.Reclaiming;
import terrane.core.migration.MigrationState.RolledBack;
import terrane.core.migration.Outcome.Cancelled;
import terrane.core.migration.Outcome.Done;
import terrane.core.migration.Outcome.Fresh;
import terrane.core.migration.Outcome.GapExceeded;
import terrane.core.migration.Outcome.SourceLost;
import terrane.core.migration.Outcome.Stalled;
import terrane.core.migration.Outcome.TargetLost;
import terrane.core.migration.Outcome.TimedOut;
import terrane.core.migration.Plan.Cause;
import terrane.core.migration.Plan.Limits;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Walks every path of the protocol, not a sample: it has few states, so we can afford to.
class MigrationTest {
    private static final Node SOURCE = node(1);
    private static final Node TARGET = node(2);
    private static final Node THIRD = node(3);

    /// Every choice of a claimant that the shell can make.
    private static final List<Fresh> FRESH =
            List.of(fresh(SOURCE, 7), fresh(TARGET, 8), fresh(THIRD, 9));

    private static final List<Plan> PLANS =
            List.of(
                    plan(Cause.ORDERED, false),
                    plan(Cause.ORDERED, true),
                    plan(Cause.CREATED, false),
                    plan(Cause.FAILED_OVER, false));

    private static Node node(long peer) {
        return new Node(new PeerId(peer), new Incarnation(peer, peer));
    }

    private static Fresh fresh(Node claimant, long epoch) {
        return new Fresh(SOURCE, TARGET, claimant, new Epoch(epoch));
    }

    private static Plan plan(Cause cause, boolean dryRun) {
        var limits = new Limits(Duration.ofMinutes(5), Optional.of(Duration.ofMillis(50)), dryRun);
        return new Plan(
                new TableId(1024).region(0),
                cause,
                Optional.of(SOURCE.peer()),
                TARGET.peer(),
                limits,
                Instant.EPOCH);
    }

    private static List<Outcome> outcomes(Fresh fresh) {
        return List.of(
                new Done(fresh),
                new SourceLost("source", fresh),
                new TargetLost("target", fresh),
                new Stalled("stalled", fresh),
                new TimedOut(),
                new GapExceeded("80ms"),
                new Cancelled());
    }

    private static List<Outcome> outcomes() {
        return FRESH.stream().flatMap(fresh -> outcomes(fresh).stream()).toList();
    }

    private static Set<MigrationState> reachable(Plan plan) {
        var seen = new LinkedHashSet<MigrationState>();
        var frontier = new ArrayDeque<MigrationState>();
        for (var fresh : FRESH) {
            frontier.add(Migration.begin(plan, true, fresh));
            frontier.add(Migration.begin(plan, false, fresh));
        }
        while (!frontier.isEmpty()) {
            var state = frontier.remove();
            if (seen.add(state)) {
                outcomes().forEach(outcome -> frontier.add(Migration.next(plan, state, outcome)));
            }
        }
        return seen;
    }

    private interface Check {
        void check(Plan plan, MigrationState state, Outcome outcome, MigrationState next);
    }

    /// Over every plan, every state that it can come to and every outcome there.
    private static void everywhere(Check check) {
        for (var plan : PLANS) {
            for (var state : reachable(plan)) {
                for (var outcome : outcomes()) {
                    check.check(plan, state, outcome, Migration.next(plan, state, outcome));
                }
            }
        }
    }

    @Test
    void everyReachableStateFinishesOnceNothingElseFails() {
        for (var plan : PLANS) {
            for (var start : reachable(plan)) {
                var state = start;
                for (int step = 0; step < 3; step++) {
                    state = Migration.next(plan, state, new Done(FRESH.getFirst()));
                }
                assertThat(state).as("from %s", start).isInstanceOf(Finished.class);
            }
        }
    }

    @Test
    void everyStateOfTheProtocolIsReached() {
        assertThat(reachable(plan(Cause.ORDERED, false)).stream().map(Object::getClass))
                .contains(
                        Opening.class,
                        CatchingUp.class,
                        HandingOver.class,
                        Reclaiming.class,
                        Completed.class,
                        RolledBack.class);
    }

    @Test
    void nothingPastTheHandoverEndsWithoutALeader() {
        everywhere((plan, state, outcome, next) -> {
            boolean past = state instanceof HandingOver || state instanceof Reclaiming;
            if (past && next instanceof Finished) {
                assertThat(outcome).as("%s from %s", next, state).isInstanceOf(Done.class);
            }
        });
    }

    @Test
    void nothingEndsWhileItsSourceIsLost() {
        everywhere((plan, state, outcome, next) -> {
            if (outcome instanceof SourceLost && !(state instanceof Finished)) {
                assertThat(next).as("from %s", state).isInstanceOf(Reclaiming.class);
            }
        });
    }

    @Test
    void cancelledRollsBackBeforeTheHandoverAndIsIgnoredAfterwards() {
        everywhere((plan, state, outcome, next) -> {
            if (outcome instanceof Cancelled) {
                boolean before = state instanceof Opening || state instanceof CatchingUp;
                var rolledBack = new RolledBack("cancelled", Ending.CANCELLED);
                assertThat(next).isEqualTo(before ? rolledBack : state);
            }
        });
    }

    @Test
    void limitsAreHeldBeforeTheHandoverAndIgnoredAfterwards() {
        everywhere((plan, state, outcome, next) -> {
            if (outcome instanceof TimedOut || outcome instanceof GapExceeded) {
                boolean before = state instanceof Opening || state instanceof CatchingUp;
                assertThat(next instanceof RolledBack back && back.ending() == Ending.FAILED)
                        .as("from %s by %s", state, outcome)
                        .isEqualTo(before || isFailed(state));
            }
        });
    }

    private static boolean isFailed(MigrationState state) {
        return state instanceof RolledBack back && back.ending() == Ending.FAILED;
    }

    @Test
    void dryRunNeverHandsOver() {
        var dryRun = plan(Cause.ORDERED, true);
        assertThat(reachable(dryRun)).noneMatch(HandingOver.class::isInstance);
        assertThat(Migration.next(dryRun, new CatchingUp(), new Done(FRESH.getFirst())))
                .isEqualTo(new RolledBack("dry run", Ending.DRY_RUN));
    }

    @Test
    void everyEntryIntoReclaimingHasTheFreshEpochAndClaimant() {
        everywhere((plan, state, outcome, next) -> {
            if (next instanceof Reclaiming into && !ignored(state, outcome)) {
                var fresh = freshOf(outcome);
                assertThat(into).isEqualTo(new Reclaiming(fresh.claimant(), fresh.epoch()));
            }
        });
    }

    private static boolean ignored(MigrationState state, Outcome outcome) {
        return state instanceof Reclaiming
                && (outcome instanceof TimedOut
                        || outcome instanceof GapExceeded
                        || outcome instanceof Cancelled);
    }

    private static Fresh freshOf(Outcome outcome) {
        return switch (outcome) {
            case Done done -> done.fresh();
            case SourceLost lost -> lost.fresh();
            case TargetLost lost -> lost.fresh();
            case Stalled stalled -> stalled.fresh();
            case TimedOut _, GapExceeded _, Cancelled _ ->
                    throw new AssertionError("no fresh choice in " + outcome);
        };
    }

    @Test
    void handingOverPassesTheFreshEpochFromTheLeaderToTheTarget() {
        var fresh = FRESH.getFirst();
        assertThat(Migration.next(plan(Cause.ORDERED, false), new CatchingUp(), new Done(fresh)))
                .isEqualTo(new HandingOver(fresh.source(), fresh.target(), fresh.epoch()));
    }

    @Test
    void handingOverIsLeftOnlyForCompletedOrReclaiming() {
        everywhere((plan, state, outcome, next) -> {
            if (state instanceof HandingOver && !next.equals(state)) {
                assertThat(next instanceof Completed || next instanceof Reclaiming).isTrue();
                assertThat(next instanceof Completed).isEqualTo(outcome instanceof Done);
            }
        });
    }

    @Test
    void completedMeansThatTheTargetLeadsWhereItWasOrdered() {
        for (var fresh : FRESH) {
            var state = new Reclaiming(fresh.claimant(), fresh.epoch());
            var next = Migration.next(plan(Cause.ORDERED, false), state, new Done(fresh));
            assertThat(next instanceof Completed).isEqualTo(fresh.claimant().equals(TARGET));
            var failedOver = Migration.next(plan(Cause.FAILED_OVER, false), state, new Done(fresh));
            assertThat(failedOver).isInstanceOf(Completed.class);
        }
    }

    @Test
    void finishedIsAbsorbing() {
        everywhere((plan, state, outcome, next) -> {
            if (state instanceof Finished) {
                assertThat(next).isEqualTo(state);
            }
        });
    }

    @Test
    void regionsWithoutALeaderBeginInReclaiming() {
        var fresh = FRESH.getLast();
        var reclaiming = new Reclaiming(fresh.claimant(), fresh.epoch());
        for (var plan : PLANS) {
            assertThat(Migration.begin(plan, false, fresh)).isEqualTo(reclaiming);
        }
        assertThat(Migration.begin(PLANS.getFirst(), true, fresh)).isEqualTo(new Opening());
    }

    @Test
    void everyStateHasTheDutyThatLeavesIt() {
        var plan = plan(Cause.ORDERED, false);
        var region = plan.region();
        assertThat(Migration.duty(plan, new Opening()))
                .isEqualTo(new Duty.OpenFollower(region, TARGET.peer()));
        assertThat(Migration.duty(plan, new CatchingUp()))
                .isEqualTo(new Duty.AwaitCaughtUp(region, TARGET.peer()));
        assertThat(Migration.duty(plan, new HandingOver(SOURCE, TARGET, new Epoch(4))))
                .isEqualTo(new Duty.HandOver(region, SOURCE, TARGET, new Epoch(4)));
        assertThat(Migration.duty(plan, new Reclaiming(THIRD, new Epoch(5))))
                .isEqualTo(new Duty.Claim(region, THIRD, new Epoch(5)));
        assertThat(Migration.duty(plan, new Completed())).isEqualTo(new Duty.TidyUp(region));
    }

    @Test
    void reasonsSayWhatToChange() {
        var plan = plan(Cause.ORDERED, false);
        assertThat(Migration.next(plan, new CatchingUp(), new TimedOut()))
                .asString()
                .contains("replay_timeout=5m");
        assertThat(Migration.next(plan, new CatchingUp(), new GapExceeded("80ms")))
                .asString()
                .contains("predicted=80ms max_pause=50ms");
    }
}
