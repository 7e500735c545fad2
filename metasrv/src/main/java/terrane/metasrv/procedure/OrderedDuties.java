package terrane.metasrv.procedure;

import terrane.core.catalog.Procedure.Migrating;
import terrane.core.migration.Duty;

/// Duties that are carried out by orders to datanodes.
///
/// @param follow of Opening and CatchingUp
/// @param handover of HandingOver
/// @param reclaim of Reclaiming
/// @param tidying after the end
record OrderedDuties(FollowDuty follow, HandoverDuty handover, ReclaimDuty reclaim, Tidying tidying)
        implements MigrationDuties {
    @Override
    public Performed perform(Migrating held, Duty duty) throws InterruptedException {
        return switch (duty) {
            case Duty.OpenFollower _ -> follow.open(held);
            case Duty.AwaitCaughtUp _ -> follow.awaitCaughtUp(held);
            case Duty.HandOver d -> handover.perform(held, d);
            case Duty.Claim d -> reclaim.perform(held, d);
            case Duty.TidyUp _ ->
                    throw new IllegalStateException("finished already: procedure=" + held.id());
        };
    }

    @Override
    public void tidyUp(Migrating held) throws InterruptedException {
        reclaim.forget(held);
        tidying.tidyUp(held);
    }
}
