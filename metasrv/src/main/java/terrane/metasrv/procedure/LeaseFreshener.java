package terrane.metasrv.procedure;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.lease.LeaseLedger;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;

import java.time.Duration;

/// Sees to it that a handover begins with leases that have just been renewed: once it is committed
/// the source's is renewed no more.
final class LeaseFreshener {
    /// A nudged heartbeat takes a round trip and a quorum round, a few milliseconds as a rule.
    private static final Duration WAIT_MAX = Duration.ofMillis(500);

    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private final Orders orders;
    private final LeaseLedger ledger;
    private final Clock clock;

    LeaseFreshener(Orders orders, LeaseLedger ledger, Clock clock) {
        this.orders = orders;
        this.ledger = ledger;
        this.clock = clock;
    }

    /// Nudges both ends and waits until the source's lease is fresh, or for as long as that may
    /// take; a lease that is not fresh makes the handover's deadline shorter, nothing else.
    void freshen(RegionId region, Node source, Epoch epoch, Node target)
            throws InterruptedException {
        orders.nudge(source);
        orders.nudge(target);
        long deadline = clock.nanosAfter(WAIT_MAX);
        var wanted = ledger.terms().duration().multipliedBy(3).dividedBy(4);
        while (remaining(region, epoch).compareTo(wanted) < 0 && !clock.passed(deadline)) {
            clock.sleep(LOOK_EVERY);
        }
    }

    /// What the source surely still has of its lease; zero if another leader granted it.
    Duration remaining(RegionId region, Epoch epoch) {
        return ledger.remaining(region, epoch, Duration.ZERO, clock.nanos());
    }

    /// The duration of the leases that are granted now.
    Duration lease() {
        return ledger.terms().duration();
    }
}
