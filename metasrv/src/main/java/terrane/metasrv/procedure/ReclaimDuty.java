package terrane.metasrv.procedure;

import terrane.core.ProcedureId;
import terrane.core.WalOffset;
import terrane.core.catalog.Measured;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.lease.LeaseLedger;
import terrane.core.migration.Duty;
import terrane.core.migration.Outcome;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.datanode.Order;
import terrane.wire.datanode.Order.Claimed;
import terrane.wire.datanode.Order.Leading;
import terrane.wire.datanode.Order.Poisoned;
import terrane.wire.datanode.Order.Replaying;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the claimant lead a region that nobody leads: waits until nobody can acknowledge under a
/// lower epoch, then has it claim, fence and replay.
final class ReclaimDuty {
    private static final System.Logger LOG = System.getLogger(ReclaimDuty.class.getName());

    /// A claimant replays the whole unflushed tail, however long that takes. One that is not a
    /// record further after this is stuck: longer than a broker takes to come back, and than the
    /// others of its partition may hold up a pass.
    private static final Duration STUCK_AFTER = Duration.ofSeconds(30);

    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /// Before the next attempt after a refusal, and doubled with each, so that a region that nobody
    /// can open does not allocate epochs as fast as the log takes them: 400 an hour at most.
    private static final Duration REFUSED_PAUSE = Duration.ofMillis(500);

    private static final int DOUBLINGS_MAX = 4;

    private final CatalogStore store;
    private final Asking asking;
    private final LeaseLedger ledger;
    private final Watch watch;
    private final Closings closings;
    private final Selector selector;
    private final Clock clock;

    /// Refusals in a row, of procedures that run; an entry goes with its procedure.
    private final Map<ProcedureId, Integer> refusals = new ConcurrentHashMap<>();

    private final Quarantine quarantine = new Quarantine();

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
        var order =
                new Order.Claim(
                        held.id(),
                        region.id(),
                        duty.epoch(),
                        region.wal(),
                        schema,
                        quarantine.skip(region.id()));
        return claim(held, duty, order);
    }

    /// Leaves a claimant alone for as long as its replay moves on: another would have to begin
    /// anew.
    private Performed claim(Migrating held, Duty.Claim duty, Order.Claim order)
            throws InterruptedException {
        var applied = WalOffset.ZERO;
        long stuck = clock.nanosAfter(STUCK_AFTER);
        while (true) {
            var claimed =
                    asking.ask(
                            duty.claimant(),
                            order,
                            clock.until(stuck),
                            () -> watch.claimantLost(held, duty.claimant()));
            switch (claimed) {
                case Asked.Answered<Claimed>(Leading leading) -> {
                    return led(held, leading);
                }
                case Asked.Answered<Claimed>(Poisoned found) -> {
                    return poisoned(held, duty, order, found);
                }
                case Asked.Answered<Claimed>(Replaying at) -> {
                    if (applied.isBelow(at.applied())) {
                        applied = at.applied();
                        stuck = clock.nanosAfter(STUCK_AFTER);
                    } else if (clock.passed(stuck)) {
                        return refused(held, duty, "its replay stands still: " + at);
                    }
                }
                case Asked.CalledAway<Claimed> called -> {
                    return new Performed(called.outcome());
                }
                case Asked.Refused<Claimed> refused -> {
                    return refused(held, duty, refused.reason());
                }
            }
        }
    }

    private Performed poisoned(Migrating held, Duty.Claim duty, Order.Claim order, Poisoned found)
            throws InterruptedException {
        var poison =
                new Quarantine.Poison(
                        order.region(),
                        order.wal(),
                        found.offset(),
                        found.rows(),
                        duty.claimant(),
                        found.reason());
        quarantine.found(poison);
        LOG.log(
                Level.ERROR,
                "a region waits at a record that cannot be read: region={0} partition={1}"
                        + " offset={2} node={3} reason={4}; to lose that record and go on: terrane"
                        + " region skip {0} {2}",
                poison.region(),
                poison.wal(),
                poison.offset(),
                poison.node(),
                poison.reason());
        return refused(held, duty, found.reason());
    }

    /// Regions that wait at what cannot be read.
    Quarantine quarantine() {
        return quarantine;
    }

    /// The procedure has ended.
    void forget(Migrating held) {
        refusals.remove(held.id());
        quarantine.forget(held.plan().region());
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
        quarantine.forget(held.plan().region());
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
        int before = refusals.merge(held.id(), 1, Integer::sum) - 1;
        clock.sleep(REFUSED_PAUSE.multipliedBy(1L << Math.min(before, DOUBLINGS_MAX)));
        var fresh = selector.fresh(held.plan(), Optional.of(duty.claimant()));
        return new Performed(new Outcome.Stalled("claimant refused: " + reason, fresh));
    }
}
