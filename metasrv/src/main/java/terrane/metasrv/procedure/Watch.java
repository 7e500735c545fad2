package terrane.metasrv.procedure;

import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.migration.Outcome;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What may call a driver away while it waits: a cancellation, the replay clock, a lost node.
final class Watch {
    private final CatalogStore store;
    private final Vitals vitals;
    private final Selector selector;
    private final Clock clock;

    /// When this leader began to drive it, on this machine's own clock: who was asked for it may
    /// have been another, and wall clocks of two machines are never compared. Of procedures that
    /// run; an entry goes with its procedure.
    private final ConcurrentHashMap<ProcedureId, Long> begun = new ConcurrentHashMap<>();

    Watch(CatalogStore store, Vitals vitals, Selector selector, Clock clock) {
        this.store = store;
        this.vitals = vitals;
        this.selector = selector;
        this.clock = clock;
    }

    void forget(ProcedureId id) {
        begun.remove(id);
    }

    /// While the source still acknowledges: in Opening and CatchingUp.
    Optional<Outcome> beforeHandover(Migrating held, Node target) throws InterruptedException {
        if (store.read(catalog -> catalog.cancelled(held.id()))) {
            return Optional.of(new Outcome.Cancelled());
        }
        var sourceLost = sourceLost(held);
        if (sourceLost.isPresent()) {
            return sourceLost;
        }
        var targetLost = vitals.lost(target);
        if (targetLost.isPresent()) {
            var fresh = selector.fresh(held.plan(), Optional.of(target));
            return Optional.of(new Outcome.TargetLost(targetLost.get(), fresh));
        }
        return timedOut(held) ? Optional.of(new Outcome.TimedOut()) : Optional.empty();
    }

    private boolean timedOut(Migrating held) {
        long now = clock.nanos();
        long began = begun.computeIfAbsent(held.id(), _ -> now);
        return Duration.ofNanos(now - began).compareTo(held.plan().limits().replayTimeout()) > 0;
    }

    private Optional<Outcome> sourceLost(Migrating held) throws InterruptedException {
        var region = store.read(catalog -> Selector.region(catalog, held.plan().region()));
        if (!(region.leadership() instanceof Leadership.Led led)) {
            return Optional.empty();
        }
        var lost = vitals.leaderLost(region.id(), led);
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        var fresh = selector.fresh(held.plan(), Optional.of(led.leader()));
        return Optional.of(new Outcome.SourceLost(lost.get(), fresh));
    }

    /// While a claimant reclaims.
    Optional<Outcome> claimantLost(Migrating held, Node claimant) throws InterruptedException {
        var lost = vitals.lost(claimant);
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        var fresh = selector.fresh(held.plan(), Optional.of(claimant));
        return Optional.of(new Outcome.TargetLost(lost.get(), fresh));
    }
}
