package terrane.metasrv.procedure;

import terrane.core.catalog.DdlState;
import terrane.core.catalog.Procedure;
import terrane.core.catalog.Procedure.Altering;
import terrane.core.catalog.Procedure.Dropping;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.catalog.Stage;
import terrane.core.migration.Certificate;
import terrane.core.migration.MigrationState;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.Plan;
import terrane.wire.metasrv.ProcedureReport;

import java.util.List;
import java.util.Optional;

/// Procedures as they are reported, whoever asks.
public final class ProcedureReports {
    private ProcedureReports() {}

    public static ProcedureReport of(Procedure procedure) {
        return switch (procedure) {
            case Migrating migrating -> migration(migrating);
            case Altering altering ->
                    ddl(
                            altering,
                            "alter_table",
                            Procedure.label(altering.state()),
                            altering.state());
            case Dropping dropping ->
                    ddl(
                            dropping,
                            "drop_table",
                            Procedure.label(dropping.state()),
                            dropping.state());
        };
    }

    private static ProcedureReport migration(Migrating migrating) {
        var plan = migrating.plan();
        var measured = migrating.measured();
        return new ProcedureReport(
                migrating.id(),
                kind(plan.cause()),
                status(migrating.state()),
                error(migrating.state()),
                Optional.of(plan.region()),
                plan.source(),
                Optional.of(plan.target()),
                Procedure.label(migrating.state()),
                stages(migrating),
                measured.lagRecords(),
                measured.predictedGap(),
                measured.writeGap(),
                measured.certificate().map(ProcedureReports::certificate));
    }

    private static String kind(Plan.Cause cause) {
        return switch (cause) {
            case CREATED -> "region_creation";
            case ORDERED -> "region_migration";
            case FAILED_OVER -> "region_failover";
        };
    }

    private static String status(MigrationState state) {
        return switch (state) {
            case MigrationState.Opening _,
                    MigrationState.CatchingUp _,
                    MigrationState.HandingOver _,
                    MigrationState.Reclaiming _ ->
                    "Running";
            case MigrationState.Completed _ -> "Done";
            case MigrationState.RolledBack back ->
                    switch (back.ending()) {
                        case FAILED -> "Failed";
                        case CANCELLED -> "Cancelled";
                        case DRY_RUN -> "Done";
                    };
        };
    }

    private static Optional<String> error(MigrationState state) {
        return state instanceof MigrationState.RolledBack back && back.ending() != Ending.DRY_RUN
                ? Optional.of(back.reason())
                : Optional.empty();
    }

    private static List<ProcedureReport.Stage> stages(Procedure procedure) {
        return procedure.stages().stream().map(ProcedureReports::stage).toList();
    }

    private static ProcedureReport.Stage stage(Stage stage) {
        return new ProcedureReport.Stage(stage.name(), stage.began(), stage.ended());
    }

    private static ProcedureReport.Certificate certificate(Certificate certificate) {
        return new ProcedureReport.Certificate(
                certificate.sourceEpoch(),
                certificate.targetEpoch(),
                certificate.fence(),
                certificate.manifestVersion(),
                certificate.manifestDigest(),
                certificate.source(),
                certificate.target(),
                certificate.agreed(),
                certificate.skipped());
    }

    private static ProcedureReport ddl(
            Procedure procedure, String kind, String stage, DdlState state) {
        String status =
                switch (state) {
                    case DdlState.Underway _ -> "Running";
                    case DdlState.Finished _ -> "Done";
                    case DdlState.Abandoned _ -> "Cancelled";
                };
        return new ProcedureReport(
                procedure.id(),
                kind,
                status,
                state instanceof DdlState.Abandoned(var reason)
                        ? Optional.of(reason)
                        : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                stage,
                stages(procedure),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
