package terrane.metasrv.procedure;

import terrane.core.catalog.Measured;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.lease.LeaseLedger;
import terrane.core.migration.Duty;
import terrane.core.migration.Outcome;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.datanode.Order;
import terrane.wire.datanode.Order.Leading;

import java.time.Duration;
import java.util.Optional;

/// Makes the claimant lead a region that nobody leads: waits until nobody can acknowledge under a
/// lower epoch, then has it claim, fence and replay.
final class ReclaimDuty {
    /// A claimant replays the whole unflushed tail: at 300 MB/s some seconds. One that takes longer
    /// than this is stuck.
    private static final Duration CLAIM_MAX = Duration.ofMinutes(5);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /// Before the next attempt after a refusal, so that a region that nobody can open does not
    /// allocate epochs as fast as the log takes them.
    private static final Duration REFUSED_PAUSE = Duration.ofMillis(500);

    private final CatalogStore store;
    private final Asking asking;
    private final LeaseLedger ledger;
    private final Watch watch;
    private final Closings closings;
    private final Selector selector;
    private final Clock clock;

    ReclaimDuty(
            CatalogStore store,
            Asking asking,
            LeaseLedger ledger,
            Watch watch,
            Closings closings,
            Selector selector,
            Clock clock) {
        this.store = store;
        this.asking = asking;
        this.ledger = ledger;
        this.watch = watch;
        this.closings = closings;
        this.selector = selector;
        this.clock = clock;
    }

    Performed perform(Migrating held, Duty.Claim duty) throws InterruptedException {
        var away = awaitLapsed(held, duty);
        if (away.isPresent()) {
            return new Performed(away.get());
        }
        var region = store.read(catalog -> FollowDuty.region(catalog, held));
        var schema =
                store.read(catalog ->
                        catalog.table(region.id().table()).orElseThrow().table().schema());
        var order = new Order.Claim(held.id(), region.id(), duty.epoch(), region.wal(), schema);
        var claimed =
                asking.ask(
                        duty.claimant(),
                        order,
                        CLAIM_MAX,
                        () -> watch.claimantLost(held, duty.claimant()));
        return switch (claimed) {
            case Asked.Answered<Leading> leading -> led(held, leading.reply());
            case Asked.CalledAway<Leading> called -> new Performed(called.outcome());
            case Asked.Refused<Leading> refused -> refused(held, duty, refused.reason());
        };
    }

    /// Conditional leases and those of claimants before are among the lower epochs.
    private Optional<Outcome> awaitLapsed(Migrating held, Duty.Claim duty)
            throws InterruptedException {
        if (!ledger.lapsed(duty.region(), duty.epoch(), clock.nanos())) {
            closings.close(held, duty.epoch());
        }
        while (!ledger.lapsed(duty.region(), duty.epoch(), clock.nanos())) {
            var lost = watch.claimantLost(held, duty.claimant());
            if (lost.isPresent()) {
                return lost;
            }
            var left = ledger.untilLapsed(duty.region(), duty.epoch(), clock.nanos());
            clock.sleep(left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY);
        }
        return Optional.empty();
    }

    private Performed led(Migrating held, Leading leading) throws InterruptedException {
        var measured =
                new Measured(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Certificates.ofClaim(leading)),
                        Optional.empty());
        var fresh = selector.fresh(held.plan(), Optional.empty());
        return new Performed(new Outcome.Done(fresh), measured);
    }

    private Performed refused(Migrating held, Duty.Claim duty, String reason)
            throws InterruptedException {
        clock.sleep(REFUSED_PAUSE);
        var fresh = selector.fresh(held.plan(), Optional.of(duty.claimant()));
        return new Performed(new Outcome.Stalled("claimant refused: " + reason, fresh));
    }
}
