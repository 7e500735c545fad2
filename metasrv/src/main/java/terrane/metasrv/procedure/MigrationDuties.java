package terrane.metasrv.procedure;

import terrane.core.catalog.Procedure.Migrating;
import terrane.core.migration.Duty;

/// Brings about what a migration's state says is left to do. Every duty may be performed again.
interface MigrationDuties {
    Performed perform(Migrating held, Duty duty) throws InterruptedException;

    /// Thaws, closes the loser's copy and unpins. Repeats itself until that is done, or the node
    /// that it concerns is gone.
    void tidyUp(Migrating held) throws InterruptedException;
}
