package terrane.core.migration;

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
import terrane.core.time.Durations;

/// How a region changes hands, as two total functions.
public final class Migration {
    private Migration() {}

    private record At(MigrationState state, Outcome outcome) {}

    /// Where a plan starts: a region that somebody leads is opened on the target first; one that
    /// nobody leads, because it is new or because its leader is gone, is reclaimed at once.
    public static MigrationState begin(Plan plan, boolean led, Fresh fresh) {
        return switch (plan.cause()) {
            case ORDERED -> led ? new Opening() : reclaim(fresh);
            case CREATED, FAILED_OVER -> reclaim(fresh);
        };
    }

    /// Decides.
    public static MigrationState next(Plan plan, MigrationState state, Outcome outcome) {
        return switch (new At(state, outcome)) {
            case At(Opening _, Done _) -> new CatchingUp();
            case At(Opening _, SourceLost lost) -> reclaim(lost.fresh());
            case At(Opening _, TargetLost lost) -> failed(lost.reason());
            case At(Opening _, Stalled stalled) -> failed(stalled.reason());
            case At(Opening _, TimedOut _) -> failed(timedOut(plan));
            case At(Opening _, GapExceeded gap) -> failed(exceeded(plan, gap));
            case At(Opening _, Cancelled _) -> cancelled();

            case At(CatchingUp _, Done done) ->
                    plan.limits().dryRun()
                            ? new RolledBack("dry run", Ending.DRY_RUN)
                            : handOver(done.fresh());
            case At(CatchingUp _, SourceLost lost) -> reclaim(lost.fresh());
            case At(CatchingUp _, TargetLost lost) -> failed(lost.reason());
            case At(CatchingUp _, Stalled stalled) -> failed(stalled.reason());
            case At(CatchingUp _, TimedOut _) -> failed(timedOut(plan));
            case At(CatchingUp _, GapExceeded gap) -> failed(exceeded(plan, gap));
            case At(CatchingUp _, Cancelled _) -> cancelled();

            // From here on clients may have been turned away, so stopping is no longer harmless:
            // whatever goes wrong, somebody must be made to lead.
            case At(HandingOver _, Done _) -> new Completed();
            case At(HandingOver _, SourceLost lost) -> reclaim(lost.fresh());
            case At(HandingOver _, TargetLost lost) -> reclaim(lost.fresh());
            case At(HandingOver _, Stalled stalled) -> reclaim(stalled.fresh());
            case At(HandingOver s, TimedOut _) -> s;
            case At(HandingOver s, GapExceeded _) -> s;
            case At(HandingOver s, Cancelled _) -> s;

            case At(Reclaiming s, Done _) -> ended(plan, s);
            case At(Reclaiming _, SourceLost lost) -> reclaim(lost.fresh());
            case At(Reclaiming _, TargetLost lost) -> reclaim(lost.fresh());
            case At(Reclaiming _, Stalled stalled) -> reclaim(stalled.fresh());
            case At(Reclaiming s, TimedOut _) -> s;
            case At(Reclaiming s, GapExceeded _) -> s;
            case At(Reclaiming s, Cancelled _) -> s;

            case At(Finished s, Outcome _) -> s;
        };
    }

    /// Derives what is left to do; performing it again is harmless.
    public static Duty duty(Plan plan, MigrationState state) {
        return switch (state) {
            case Opening _ -> new Duty.OpenFollower(plan.region(), plan.target());
            case CatchingUp _ -> new Duty.AwaitCaughtUp(plan.region(), plan.target());
            case HandingOver s ->
                    new Duty.HandOver(plan.region(), s.source(), s.target(), s.next());
            case Reclaiming s -> new Duty.Claim(plan.region(), s.claimant(), s.epoch());
            case Finished _ -> new Duty.TidyUp(plan.region());
        };
    }

    private static MigrationState handOver(Fresh fresh) {
        return new HandingOver(fresh.source(), fresh.target(), fresh.epoch());
    }

    private static MigrationState reclaim(Fresh fresh) {
        return new Reclaiming(fresh.claimant(), fresh.epoch());
    }

    private static MigrationState ended(Plan plan, Reclaiming s) {
        if (plan.cause() != Plan.Cause.ORDERED || s.claimant().peer().equals(plan.target())) {
            return new Completed();
        }
        return failed("region was reclaimed: leader=%s".formatted(s.claimant().peer()));
    }

    private static RolledBack failed(String reason) {
        return new RolledBack(reason, Ending.FAILED);
    }

    private static RolledBack cancelled() {
        return new RolledBack("cancelled", Ending.CANCELLED);
    }

    private static String timedOut(Plan plan) {
        return "the target did not catch up: replay_timeout=%s, migrate again with a longer one"
                .formatted(Durations.format(plan.limits().replayTimeout()));
    }

    private static String exceeded(Plan plan, GapExceeded gap) {
        return "the predicted write gap is above max_pause: predicted=%s max_pause=%s"
                .formatted(
                        gap.predicted(),
                        plan.limits().maxPause().map(Durations::format).orElse("none"));
    }
}
