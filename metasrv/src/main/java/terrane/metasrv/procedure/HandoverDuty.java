package terrane.metasrv.procedure;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.TerraneException;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Measured;
import terrane.core.catalog.NodeRecord;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.migration.Duty;
import terrane.core.migration.Outcome;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;
import terrane.wire.datanode.Order.HandedOver;
import terrane.wire.datanode.Order.Leading;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// Passes the right from the source to the target: a conditional lease for the target, then the
/// source's fence. The state is committed already, so the source's lease is renewed no more; a new
/// leader that finds the state does the same again.
final class HandoverDuty {
    private static final System.Logger LOG = System.getLogger(HandoverDuty.class.getName());

    /// What is left of a lease that another metasrv leader granted is not known. Nodes need a
    /// moment to connect to a new leader, and a source may fence without a lease: only
    /// acknowledging needs one.
    private static final Duration UNKNOWN_LEASE = Duration.ofSeconds(2);

    /// After a source that certainly did not fence now: it may have done so when this was tried
    /// before, and then the target has read the fence long ago.
    private static final Duration GLANCE = Duration.ofMillis(100);

    private static final Duration AGAIN_AFTER = Duration.ofMillis(5);

    private final CatalogStore store;
    private final Orders orders;
    private final LeaseFreshener freshener;
    private final Vitals vitals;
    private final Selector selector;
    private final Clock clock;

    HandoverDuty(
            CatalogStore store,
            Orders orders,
            LeaseFreshener freshener,
            Vitals vitals,
            Selector selector,
            Clock clock) {
        this.store = store;
        this.orders = orders;
        this.freshener = freshener;
        this.vitals = vitals;
        this.selector = selector;
        this.clock = clock;
    }

    /// The source's answer: its half of the certificate, or why there is none and whether the fence
    /// may be in the log all the same.
    private record Fenced(Optional<HandedOver> half, String reason, boolean perhaps) {}

    Performed perform(Migrating held, Duty.HandOver duty) throws InterruptedException {
        var region = store.read(catalog -> FollowDuty.region(catalog, held));
        if (!(region.leadership() instanceof Leadership.HandingOver under)) {
            throw new IllegalStateException("not being handed over: region=" + region.id());
        }
        long deadline = clock.nanosAfter(budget(duty, under.epoch()));
        var prepared = prepare(held, duty, deadline);
        if (prepared.isPresent()) {
            return new Performed(prepared.get());
        }
        var fenced = handOver(held, duty, under.epoch(), deadline);
        return awaitLead(held, duty, fenced, deadline);
    }

    /// Below what remains of the source's lease: afterwards it could neither acknowledge nor fence.
    private Duration budget(Duty.HandOver duty, Epoch epoch) {
        var remaining = freshener.remaining(duty.region(), epoch);
        return remaining.isZero() ? UNKNOWN_LEASE : remaining;
    }

    /// @return present if the target has no lease for the new epoch
    private Optional<Outcome> prepare(Migrating held, Duty.HandOver duty, long deadline)
            throws InterruptedException {
        var order = new Order.PrepareToLead(held.id(), duty.region(), duty.next());
        while (true) {
            try {
                orderUntil(duty.target(), order, deadline);
                return Optional.empty();
            } catch (TerraneException.Uncertain e) {
                // Harmless to repeat: the connection may have been lost, and nobody waits for it.
                if (clock.passed(deadline) || vitals.lost(duty.target()).isPresent()) {
                    return Optional.of(failed(held, duty, "target got no lease: " + e.text()));
                }
                clock.sleep(AGAIN_AFTER);
            } catch (TerraneException e) {
                return Optional.of(failed(held, duty, "target got no lease: " + e.text()));
            }
        }
    }

    private Fenced handOver(Migrating held, Duty.HandOver duty, Epoch epoch, long deadline)
            throws InterruptedException {
        var address =
                store.read(catalog -> catalog.node(duty.target().peer()).map(NodeRecord::rpc));
        if (address.isEmpty()) {
            return new Fenced(Optional.empty(), "target is not registered", false);
        }
        var order = new Order.HandOver(held.id(), duty.region(), epoch, hint(duty, address.get()));
        try {
            var half = orderUntil(duty.source(), order, deadline);
            return new Fenced(Optional.of(half), "", true);
        } catch (TerraneException.Uncertain e) {
            return new Fenced(Optional.empty(), e.text(), true);
        } catch (TerraneException e) {
            return new Fenced(Optional.empty(), e.text(), false);
        }
    }

    /// Gives the order again while the node was certainly not told, or did nothing: it may not have
    /// connected to this leader yet, or its producer may be full for a moment.
    private <R extends Reply> R orderUntil(Node node, Order<R> order, long deadline)
            throws InterruptedException {
        while (true) {
            try {
                return orders.order(node, order, clock.until(deadline));
            } catch (TerraneException.Unavailable e) {
                if (clock.passed(deadline) || vitals.lost(node).isPresent()) {
                    throw e;
                }
                clock.sleep(AGAIN_AFTER);
            }
        }
    }

    private static LeaderHint hint(Duty.HandOver duty, Address address) {
        return new LeaderHint(duty.region(), duty.next(), duty.target(), address);
    }

    private Performed awaitLead(Migrating held, Duty.HandOver duty, Fenced fenced, long deadline)
            throws InterruptedException {
        var left = clock.until(deadline);
        var atMost = fenced.perhaps() || left.compareTo(GLANCE) < 0 ? left : GLANCE;
        try {
            var order = new Order.AwaitLead(held.id(), duty.region(), duty.next(), atMost);
            // The answer's way back is not part of what the target waits for.
            var leading = orders.order(duty.target(), order, atMost.plus(GLANCE));
            return completed(held, leading, fenced.half());
        } catch (TerraneException e) {
            String source = fenced.reason().isEmpty() ? "" : "source: " + fenced.reason() + "; ";
            return new Performed(failed(held, duty, source + "target: " + e.text()));
        }
    }

    private Performed completed(Migrating held, Leading leading, Optional<HandedOver> half)
            throws InterruptedException {
        var certificate = Certificates.ofHandover(half, leading);
        if (certificate.agreed().equals(Optional.of(false))) {
            LOG.log(
                    Level.ERROR,
                    "source and target disagree about the region procedure={0} region={1}"
                            + " source={2} target={3}",
                    held.id(),
                    held.plan().region(),
                    half,
                    leading);
        }
        var measured =
                new Measured(
                        Optional.of(0L),
                        Optional.empty(),
                        Optional.of(certificate),
                        Optional.empty());
        return new Performed(
                new Outcome.Done(selector.fresh(held.plan(), Optional.empty())), measured);
    }

    /// Whatever went wrong, somebody must be made to lead; whom it went wrong with is not the first
    /// choice.
    private Outcome failed(Migrating held, Duty.HandOver duty, String reason)
            throws InterruptedException {
        var target = vitals.lost(duty.target());
        if (target.isPresent() || !vitals.alive(duty.target())) {
            return new Outcome.TargetLost(
                    target.orElse(reason), fresh(held, Optional.of(duty.target())));
        }
        var source = vitals.lost(duty.source());
        return source.isPresent()
                ? new Outcome.SourceLost(source.get(), fresh(held, Optional.of(duty.source())))
                : new Outcome.Stalled(reason, fresh(held, Optional.empty()));
    }

    private Outcome.Fresh fresh(Migrating held, Optional<Node> avoid) throws InterruptedException {
        return selector.fresh(held.plan(), avoid);
    }
}
