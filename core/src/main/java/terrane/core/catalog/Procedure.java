package terrane.core.catalog;

import terrane.core.Epoch;
import terrane.core.ProcedureId;
import terrane.core.TableId;
import terrane.core.migration.MigrationState;
import terrane.core.migration.Plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Something that the metasrv leader brings to its end, whoever leads by then.
public sealed interface Procedure {
    ProcedureId id();

    /// Grows with every save; who saves names the version that the decision rests on.
    long version();

    /// From the first on; the last one is the present state.
    List<Stage> stages();

    boolean finished();

    default Instant submitted() {
        return stages().getFirst().began();
    }

    /// A region gets a leader: by order, by failover, or for the first time.
    ///
    /// @param given the last epoch that this procedure allocated
    record Migrating(
            ProcedureId id,
            long version,
            Plan plan,
            MigrationState state,
            List<Stage> stages,
            Optional<Epoch> given,
            Measured measured)
            implements Procedure {
        @Override
        public boolean finished() {
            return state instanceof MigrationState.Finished;
        }

        /// When it was asked for, although stages may have been forgotten since.
        @Override
        public Instant submitted() {
            return plan.submitted();
        }

        /// Adds findings without another version: no decision rests on them.
        Migrating with(Measured found) {
            return new Migrating(id, version, plan, state, stages, given, measured.and(found));
        }
    }

    /// A table gets another schema, region by region, each by a WAL record. The catalog shows it
    /// when all regions have it, so that no writer is ahead of a region.
    record Altering(
            ProcedureId id,
            long version,
            TableId table,
            TableSchema schema,
            DdlState state,
            List<Stage> stages)
            implements Procedure {
        @Override
        public boolean finished() {
            return Procedure.finished(state);
        }
    }

    /// A table goes. Nobody may lead its regions any more; their files are deleted once all their
    /// leases have lapsed.
    ///
    /// @param regions as they were when the table was dropped
    record Dropping(
            ProcedureId id,
            long version,
            Table table,
            List<RegionRecord> regions,
            DdlState state,
            List<Stage> stages)
            implements Procedure {
        @Override
        public boolean finished() {
            return Procedure.finished(state);
        }
    }

    private static boolean finished(DdlState state) {
        return switch (state) {
            case DdlState.Underway _ -> false;
            case DdlState.Finished _ -> true;
            case DdlState.Abandoned _ -> true;
        };
    }

    /// The state's name as reports show it.
    static String label(MigrationState state) {
        return switch (state) {
            case MigrationState.Opening _ -> "Opening";
            case MigrationState.CatchingUp _ -> "CatchingUp";
            case MigrationState.HandingOver _ -> "HandingOver";
            case MigrationState.Reclaiming _ -> "Reclaiming";
            case MigrationState.Completed _ -> "Completed";
            case MigrationState.RolledBack _ -> "RolledBack";
        };
    }

    /// The state's name as reports show it.
    static String label(DdlState state) {
        return switch (state) {
            case DdlState.Underway _ -> "Underway";
            case DdlState.Finished _ -> "Finished";
            case DdlState.Abandoned _ -> "Abandoned";
        };
    }
}
