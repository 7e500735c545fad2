package terrane.core.catalog;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.migration.MigrationState;
import terrane.core.migration.Plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How tables come, change and go.
final class TableChanges {
    private static final Epoch FIRST = Epoch.NONE.next();

    private TableChanges() {}

    static Applied create(Catalog catalog, Change.CreateTable change) {
        var obstacle = createObstacle(catalog, change);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        var id = catalog.nextTable;
        catalog.nextTable = id.next();
        var table =
                new Table(
                        id, change.name(), change.schema(), change.partitions(), change.options());
        for (int i = 0; i < change.placements().size(); i++) {
            place(catalog, id.region(i), change.placements().get(i), change.submitted());
        }
        catalog.names.put(change.name(), id);
        catalog.touch(table, true);
        return new Applied.Created(id, catalog.version);
    }

    private static Optional<Applied> createObstacle(Catalog catalog, Change.CreateTable change) {
        if (catalog.names.containsKey(change.name())) {
            return refused(ErrorCode.TABLE_EXISTS, "the table exists: " + change.name());
        }
        if (change.placements().size() != change.partitions().regionCount()) {
            return refused(ErrorCode.INTERNAL, "not one placement for each region");
        }
        if (catalog.walPartitions.isEmpty()) {
            return refused(ErrorCode.WAL_UNFIT, "no wal partition is configured");
        }
        for (var placement : change.placements()) {
            if (!catalog.fit(placement.claimant())) {
                return stale("cannot lead: node=" + placement.claimant());
            }
            if (catalog.procedures.containsKey(placement.procedure())) {
                return stale("the procedure exists: " + placement.procedure());
            }
        }
        long distinct =
                change.placements().stream().map(Change.Placement::procedure).distinct().count();
        return distinct == change.placements().size()
                ? Optional.empty()
                : refused(ErrorCode.INTERNAL, "two placements of one procedure");
    }

    private static void place(
            Catalog catalog, RegionId id, Change.Placement placement, Instant submitted) {
        // Round robin over what is configured now; a region never changes its partition later.
        var wal = catalog.walPartitions.get(catalog.nextWal % catalog.walPartitions.size());
        catalog.nextWal = (catalog.nextWal + 1) % catalog.walPartitions.size();
        var claimant = placement.claimant();
        catalog.regions.put(
                id,
                new RegionRecord(
                        id,
                        wal,
                        new Leadership.Reclaiming(claimant, FIRST),
                        FIRST,
                        Optional.of(placement.procedure()),
                        WalOffset.ZERO));
        var plan =
                new Plan(
                        id,
                        Plan.Cause.CREATED,
                        Optional.empty(),
                        claimant.peer(),
                        Plan.Limits.DEFAULT,
                        submitted);
        MigrationChanges.add(
                catalog,
                placement.procedure(),
                plan,
                new MigrationState.Reclaiming(claimant, FIRST));
    }

    static Applied submitAlter(Catalog catalog, Change.SubmitAlter change) {
        if (catalog.procedures.containsKey(change.procedure())) {
            return new Applied.Repeated(change.procedure());
        }
        var record = catalog.tables.get(change.table());
        if (record == null) {
            return noTable(change.table());
        }
        if (record.table().schema().version() + 1 != change.schema().version()) {
            return new Applied.Stale("the schema has changed: table=" + record.table().name());
        }
        if (altering(catalog, change.table()).isPresent()) {
            return new Applied.Stale("another change is underway: table=" + record.table().name());
        }
        var state = new DdlState.Underway();
        ProcedureChanges.add(
                catalog,
                new Procedure.Altering(
                        change.procedure(),
                        1,
                        change.table(),
                        change.schema(),
                        state,
                        Stage.first(Procedure.label(state), change.submitted(), false)));
        return catalog.changed();
    }

    private static Optional<Procedure.Altering> altering(Catalog catalog, TableId table) {
        return catalog.procedures.values().stream()
                .filter(procedure -> !procedure.finished())
                .filter(Procedure.Altering.class::isInstance)
                .map(Procedure.Altering.class::cast)
                .filter(altering -> altering.table().equals(table))
                .findFirst();
    }

    static Applied alterDone(Catalog catalog, Change.AlterDone change) {
        if (!(catalog.procedures.get(change.procedure()) instanceof Procedure.Altering altering)) {
            return noProcedure(change.procedure());
        }
        if (altering.finished()) {
            return new Applied.Stale("the procedure has ended: " + change.procedure());
        }
        var table = catalog.table(altering.table()).orElseThrow().table();
        end(catalog, altering, new DdlState.Finished(), change.at());
        catalog.touch(
                new Table(
                        table.id(),
                        table.name(),
                        altering.schema(),
                        table.partitions(),
                        table.options()),
                false);
        return catalog.done();
    }

    private static void end(
            Catalog catalog, Procedure.Altering altering, DdlState state, Instant at) {
        catalog.procedures.put(
                altering.id(),
                new Procedure.Altering(
                        altering.id(),
                        altering.version() + 1,
                        altering.table(),
                        altering.schema(),
                        state,
                        Stage.then(altering.stages(), Procedure.label(state), at, true)));
    }

    static Applied drop(Catalog catalog, Change.DropTable change) {
        if (catalog.procedures.containsKey(change.procedure())) {
            return new Applied.Repeated(change.procedure());
        }
        var record = catalog.tables.get(change.table());
        if (record == null) {
            return noTable(change.table());
        }
        var table = record.table();
        var regions = catalog.regions(table.id());
        for (var region : regions) {
            if (region.leadership() instanceof Leadership.HandingOver) {
                return new Applied.Stale("the region is handed over: region=" + region.id());
            }
        }
        for (var region : regions) {
            MigrationChanges.cancel(catalog, region, "the table was dropped", change.submitted());
        }
        var abandoned = new DdlState.Abandoned("the table was dropped");
        altering(catalog, table.id())
                .ifPresent(altering -> end(catalog, altering, abandoned, change.submitted()));
        catalog.forgetTable(table);
        ProcedureChanges.add(catalog, dropping(change, table, regions));
        return catalog.done();
    }

    private static Procedure.Dropping dropping(
            Change.DropTable change, Table table, List<RegionRecord> regions) {
        var state = new DdlState.Underway();
        return new Procedure.Dropping(
                change.procedure(),
                1,
                table,
                regions,
                state,
                Stage.first(Procedure.label(state), change.submitted(), false));
    }

    static Applied gone(Catalog catalog, Change.TableGone change) {
        if (!(catalog.procedures.get(change.procedure()) instanceof Procedure.Dropping dropping)) {
            return noProcedure(change.procedure());
        }
        if (dropping.finished()) {
            return new Applied.Stale("the procedure has ended: " + change.procedure());
        }
        var state = new DdlState.Finished();
        catalog.procedures.put(
                dropping.id(),
                new Procedure.Dropping(
                        dropping.id(),
                        dropping.version() + 1,
                        dropping.table(),
                        dropping.regions(),
                        state,
                        Stage.then(dropping.stages(), Procedure.label(state), change.at(), true)));
        return catalog.changed();
    }

    private static Optional<Applied> refused(ErrorCode code, String text) {
        return Optional.of(new Applied.Refused(code, text));
    }

    private static Optional<Applied> stale(String text) {
        return Optional.of(new Applied.Stale(text));
    }

    private static Applied noTable(TableId id) {
        return new Applied.Refused(ErrorCode.TABLE_NOT_FOUND, "no such table: id=" + id);
    }

    private static Applied noProcedure(ProcedureId id) {
        return new Applied.Refused(ErrorCode.PROCEDURE_NOT_FOUND, "no such procedure: " + id);
    }
}
