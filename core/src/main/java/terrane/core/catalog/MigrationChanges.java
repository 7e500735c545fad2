package terrane.core.catalog;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.migration.MigrationState;
import terrane.core.migration.MigrationState.CatchingUp;
import terrane.core.migration.MigrationState.Completed;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.Finished;
import terrane.core.migration.MigrationState.HandingOver;
import terrane.core.migration.MigrationState.Opening;
import terrane.core.migration.MigrationState.Reclaiming;
import terrane.core.migration.MigrationState.RolledBack;
import terrane.core.migration.Plan;

import java.time.Instant;
import java.util.Optional;

/// How a region's leadership changes: only ever together with its procedure's state.
final class MigrationChanges {
    private MigrationChanges() {}

    private record Step(MigrationState from, MigrationState to) {}

    static void add(Catalog catalog, ProcedureId id, Plan plan, MigrationState state) {
        var stages = Stage.first(Procedure.label(state), plan.submitted(), false);
        ProcedureChanges.add(
                catalog,
                new Procedure.Migrating(
                        id, 1, plan, state, stages, given(state), Measured.NOTHING));
    }

    private static Optional<Epoch> given(MigrationState state) {
        return switch (state) {
            case HandingOver s -> Optional.of(s.next());
            case Reclaiming s -> Optional.of(s.epoch());
            case Opening _ -> Optional.empty();
            case CatchingUp _ -> Optional.empty();
            case Finished _ -> Optional.empty();
        };
    }

    static Applied submit(Catalog catalog, Change.SubmitMigration change) {
        var repeated = change.requestId().flatMap(catalog::requested);
        if (repeated.isPresent() || catalog.procedures.containsKey(change.procedure())) {
            return new Applied.Repeated(repeated.orElse(change.procedure()));
        }
        var region = catalog.regions.get(change.plan().region());
        if (region == null) {
            return new Applied.Refused(
                    ErrorCode.REGION_NOT_FOUND, "no such region: " + change.plan().region());
        }
        if (region.procedure().isPresent()) {
            return new Applied.Refused(
                    ErrorCode.ALREADY_MIGRATING,
                    "the region is migrating already: procedure=" + region.procedure().get());
        }
        var obstacle = beginObstacle(catalog, region, change.plan(), change.state());
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        add(catalog, change.procedure(), change.plan(), change.state());
        change.requestId()
                .ifPresent(id -> ProcedureChanges.remember(catalog, id, change.procedure()));
        put(catalog, region, implied(region, change.state()), Optional.of(change.procedure()));
        return catalog.changed();
    }

    private static Optional<Applied> beginObstacle(
            Catalog catalog, RegionRecord region, Plan plan, MigrationState state) {
        if (state instanceof Opening) {
            boolean sourceLeads =
                    region.leadership() instanceof Leadership.Led led
                            && Optional.of(led.leader().peer()).equals(plan.source());
            boolean targetFit = catalog.node(plan.target()).filter(NodeRecord::fit).isPresent();
            return sourceLeads && targetFit
                    ? Optional.empty()
                    : stale("source does not lead or target is not fit: region=" + region.id());
        }
        return state instanceof Reclaiming claim
                ? allocation(catalog, region, claim.claimant(), claim.epoch())
                : refused("a procedure cannot begin as " + Procedure.label(state));
    }

    static Applied save(Catalog catalog, Change.SaveMigration change) {
        if (!(catalog.procedures.get(change.procedure()) instanceof Procedure.Migrating known)) {
            return new Applied.Refused(
                    ErrorCode.PROCEDURE_NOT_FOUND, "no such procedure: " + change.procedure());
        }
        if (known.version() != change.expected()) {
            return new Applied.Stale("the procedure was saved by another: " + known.id());
        }
        if (known.state().equals(change.state())) {
            catalog.procedures.put(known.id(), known.with(change.measured()));
            return catalog.changed();
        }
        var region = catalog.regions.get(known.plan().region());
        if (region == null || !region.procedure().equals(Optional.of(known.id()))) {
            return new Applied.Refused(
                    ErrorCode.INTERNAL, "the region is not the procedure's: " + known.id());
        }
        var obstacle = obstacle(catalog, region, new Step(known.state(), change.state()));
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        catalog.procedures.put(
                known.id(), moved(known, change.state(), change.at()).with(change.measured()));
        if (!cancellable(change.state())) {
            catalog.cancelled.remove(known.id());
        }
        put(
                catalog,
                region,
                implied(region, change.state()),
                change.state() instanceof Finished ? Optional.empty() : region.procedure());
        return catalog.changed();
    }

    private static Procedure.Migrating moved(
            Procedure.Migrating known, MigrationState state, Instant at) {
        boolean over = state instanceof Finished;
        return new Procedure.Migrating(
                known.id(),
                known.version() + 1,
                known.plan(),
                state,
                Stage.then(known.stages(), Procedure.label(state), at, over),
                given(state).or(known::given),
                known.measured());
    }

    private static Optional<Applied> obstacle(Catalog catalog, RegionRecord region, Step step) {
        boolean follows =
                switch (step.from()) {
                    case Opening _ ->
                            step.to() instanceof CatchingUp
                                    || step.to() instanceof Reclaiming
                                    || step.to() instanceof RolledBack;
                    case CatchingUp _ ->
                            step.to() instanceof HandingOver
                                    || step.to() instanceof Reclaiming
                                    || step.to() instanceof RolledBack;
                    case HandingOver _ ->
                            step.to() instanceof Reclaiming || step.to() instanceof Completed;
                    case Reclaiming _ ->
                            step.to() instanceof Reclaiming || step.to() instanceof Finished;
                    case Finished _ -> false;
                };
        if (!follows) {
            return refused(
                    "%s does not follow %s"
                            .formatted(Procedure.label(step.to()), Procedure.label(step.from())));
        }
        return switch (step.to()) {
            case HandingOver next -> handOver(catalog, region, next);
            case Reclaiming next -> allocation(catalog, region, next.claimant(), next.epoch());
            case Opening _ -> Optional.empty();
            case CatchingUp _ -> Optional.empty();
            case Finished _ -> Optional.empty();
        };
    }

    private static Optional<Applied> handOver(
            Catalog catalog, RegionRecord region, HandingOver next) {
        if (!(region.leadership() instanceof Leadership.Led led)
                || !led.leader().equals(next.source())
                || !catalog.registered(next.source())
                || next.source().equals(next.target())) {
            return stale("does not lead: region=%s node=%s".formatted(region.id(), next.source()));
        }
        return allocation(catalog, region, next.target(), next.next());
    }

    /// An epoch is bound to an incarnation that is registered as the entry commits, and is always
    /// the successor of the last one, so that none is ever used twice.
    private static Optional<Applied> allocation(
            Catalog catalog, RegionRecord region, Node node, Epoch epoch) {
        if (!epoch.equals(region.lastEpoch().next())) {
            return stale(
                    "not the next epoch: region=%s epoch=%s last=%s"
                            .formatted(region.id(), epoch, region.lastEpoch()));
        }
        return catalog.fit(node)
                ? Optional.empty()
                : stale("cannot lead: region=%s node=%s".formatted(region.id(), node));
    }

    private static Leadership implied(RegionRecord region, MigrationState state) {
        return switch (state) {
            case Opening _ -> region.leadership();
            case CatchingUp _ -> region.leadership();
            case HandingOver s ->
                    new Leadership.HandingOver(s.source(), ledEpoch(region), s.target(), s.next());
            case Reclaiming s -> new Leadership.Reclaiming(s.claimant(), s.epoch());
            case Finished _ -> settled(region.leadership());
        };
    }

    private static Epoch ledEpoch(RegionRecord region) {
        return switch (region.leadership()) {
            case Leadership.Led led -> led.epoch();
            case Leadership.HandingOver h -> h.epoch();
            case Leadership.Reclaiming r -> r.epoch();
        };
    }

    /// Whoever the last state named leads.
    private static Leadership settled(Leadership leadership) {
        return switch (leadership) {
            case Leadership.Led led -> led;
            case Leadership.HandingOver h -> new Leadership.Led(h.target(), h.next());
            case Leadership.Reclaiming r -> new Leadership.Led(r.claimant(), r.epoch());
        };
    }

    private static Epoch lastEpoch(Leadership leadership) {
        return switch (leadership) {
            case Leadership.Led led -> led.epoch();
            case Leadership.HandingOver h -> h.next();
            case Leadership.Reclaiming r -> r.epoch();
        };
    }

    private static void put(
            Catalog catalog,
            RegionRecord region,
            Leadership leadership,
            Optional<ProcedureId> procedure) {
        var last = lastEpoch(leadership);
        catalog.regions.put(
                region.id(),
                new RegionRecord(
                        region.id(),
                        region.wal(),
                        leadership,
                        last.isAbove(region.lastEpoch()) ? last : region.lastEpoch(),
                        procedure,
                        region.flushed()));
        if (!leadership.equals(region.leadership())) {
            catalog.touchRoute(region.id().table());
        }
    }

    /// Ends the region's procedure, if it has one, because the region goes.
    static void cancel(Catalog catalog, RegionRecord region, String reason, Instant at) {
        if (region.procedure().isPresent()
                && catalog.procedures.get(region.procedure().get())
                        instanceof Procedure.Migrating known) {
            var state = new RolledBack(reason, Ending.CANCELLED);
            catalog.procedures.put(known.id(), moved(known, state, at));
            catalog.cancelled.remove(known.id());
        }
    }

    static Applied wantCancelled(Catalog catalog, Change.Cancel change) {
        if (!(catalog.procedures.get(change.procedure()) instanceof Procedure.Migrating known)) {
            return new Applied.Refused(
                    ErrorCode.PROCEDURE_NOT_FOUND, "no such procedure: " + change.procedure());
        }
        if (!cancellable(known.state())) {
            return new Applied.Stale("too late to cancel: " + known.id());
        }
        catalog.cancelled.add(known.id());
        return catalog.changed();
    }

    /// From HandingOver on clients may have been turned away, so stopping is no longer harmless.
    private static boolean cancellable(MigrationState state) {
        return switch (state) {
            case Opening _ -> true;
            case CatchingUp _ -> true;
            case HandingOver _ -> false;
            case Reclaiming _ -> false;
            case Finished _ -> false;
        };
    }

    static Applied writeGap(Catalog catalog, Change.RecordWriteGap change) {
        for (var procedure : catalog.procedures.values()) {
            if (procedure instanceof Procedure.Migrating known
                    && known.plan().region().equals(change.region())
                    && known.given().equals(Optional.of(change.epoch()))) {
                var measured = known.measured().withWriteGap(change.gap());
                catalog.procedures.put(known.id(), known.with(measured));
                return catalog.changed();
            }
        }
        return new Applied.Stale("no procedure gave this epoch: region=" + change.region());
    }

    private static Optional<Applied> refused(String text) {
        return Optional.of(new Applied.Refused(ErrorCode.INTERNAL, text));
    }

    private static Optional<Applied> stale(String text) {
        return Optional.of(new Applied.Stale(text));
    }
}
