package terrane.metasrv.procedure;

import terrane.core.ErrorCode;
import terrane.core.ProcedureId;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Change;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.migration.Migration;
import terrane.core.migration.MigrationState.Finished;
import terrane.core.migration.Outcome;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;

import java.lang.System.Logger.Level;
import java.time.Duration;

/// Carries out one region migration, one durable state at a time.
///
/// Safe to run again from any crash point: a state is durable before its duty is performed, and
/// every duty is idempotent. Two drivers of one migration cannot both make progress, because a save
/// names the version that it was computed from.
public final class MigrationDriver {
    private static final System.Logger LOG = System.getLogger(MigrationDriver.class.getName());
    private static final Duration AGAIN_AFTER = Duration.ofMillis(20);

    private final CatalogStore store;
    private final MigrationDuties duties;
    private final Clock clock;

    MigrationDriver(CatalogStore store, MigrationDuties duties, Clock clock) {
        this.store = store;
        this.duties = duties;
        this.clock = clock;
    }

    /// Runs until the migration is finished and tidied up; blocks as long as that takes (minutes
    /// are normal).
    ///
    /// @return how it ended; the same value if called again
    /// @throws TerraneException.NotLeader if this metasrv loses the leadership; the next leader
    ///   goes on
    /// @throws TerraneException.Rejected if there is no such migration
    public Finished run(ProcedureId id) throws InterruptedException {
        while (true) {
            var held = load(id);
            if (held.state() instanceof Finished finished) {
                duties.tidyUp(held);
                return finished;
            }
            var performed = perform(held);
            save(held, performed);
        }
    }

    private Performed perform(Migrating held) throws InterruptedException {
        var duty = Migration.duty(held.plan(), held.state());
        LOG.log(Level.DEBUG, "duty procedure={0} duty={1}", held.id(), duty);
        var performed = duties.perform(held, duty);
        boolean asItShould = performed.outcome() instanceof Outcome.Done;
        LOG.log(
                asItShould ? Level.DEBUG : Level.INFO,
                "outcome procedure={0} outcome={1}",
                held.id(),
                performed.outcome());
        return performed;
    }

    private Migrating load(ProcedureId id) {
        return store.read(catalog ->
                catalog.procedure(id)
                        .filter(Migrating.class::isInstance)
                        .map(Migrating.class::cast)
                        .orElseThrow(() ->
                                TerraneException.rejected(
                                        ErrorCode.PROCEDURE_NOT_FOUND,
                                        "no such migration: %s",
                                        id)));
    }

    /// Whatever becomes of it, the next round starts from what is durable then.
    private void save(Migrating held, Performed performed) throws InterruptedException {
        var next = Migration.next(held.plan(), held.state(), performed.outcome());
        var change =
                new Change.SaveMigration(
                        held.id(), held.version(), next, performed.measured(), clock.now());
        try {
            switch (store.commit(change)) {
                case Applied.Done _, Applied.Created _, Applied.Repeated _ -> {}
                case Applied.Stale stale -> {
                    LOG.log(Level.INFO, "decide again procedure={0} {1}", held.id(), stale.text());
                    clock.sleep(AGAIN_AFTER);
                }
                case Applied.Refused refused ->
                        throw new TerraneException.Rejected(refused.code(), refused.text(), null);
            }
        } catch (TerraneException.Uncertain e) {
            LOG.log(Level.INFO, "save uncertain procedure={0} {1}", held.id(), e.text());
            clock.sleep(AGAIN_AFTER);
        }
    }
}
