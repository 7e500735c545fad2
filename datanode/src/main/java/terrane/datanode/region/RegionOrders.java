package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.datanode.lease.LeaseTable;
import terrane.datanode.log.PartitionTail;
import terrane.datanode.log.ProducerLanes;
import terrane.engine.manifest.Manifest;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;

import java.time.Duration;

/// Carries out the metasrv's orders, each of which may come again, late, or out of date: an order
/// that does not match what is here is refused and changes nothing.
public final class RegionOrders {
    /// What an order waits for at most before it is answered; the metasrv asks again.
    private static final Duration ORDER_WAIT = Duration.ofSeconds(5);

    private final Regions regions;
    private final Openings openings;
    private final LeaseTable leases;
    private final ProducerLanes lanes;
    private final Flusher flusher;
    private final HotFollowers hot;
    private final EndedProcedures ended = new EndedProcedures();

    RegionOrders(
            Regions regions,
            Openings openings,
            LeaseTable leases,
            ProducerLanes lanes,
            Flusher flusher,
            HotFollowers hot) {
        this.regions = regions;
        this.openings = openings;
        this.leases = leases;
        this.lanes = lanes;
        this.flusher = flusher;
        this.hot = hot;
    }

    /// Answers one order; blocks until it is carried out.
    public Reply answer(Order<?> order) throws InterruptedException {
        return switch (order) {
            case Order.Nudge _ -> {
                leases.nudge();
                yield new Reply.Ack();
            }
            case Order.OpenFollower open -> openFollower(open);
            case Order.Follow follow -> hot.follow(follow);
            case Order.AwaitApplied await -> awaitApplied(await);
            case Order.AskPosition ask -> regions.copy(ask.region()).position(ask.epoch());
            case Order.Freeze freeze -> freeze(freeze);
            case Order.Thaw thaw -> {
                ended.add(thaw.procedure());
                regions.find(thaw.region()).ifPresent(copy -> copy.edits().thaw(thaw.procedure()));
                yield new Reply.Ack();
            }
            case Order.PrepareToLead prepare -> prepare(prepare);
            case Order.HandOver over -> handOver(over);
            case Order.AwaitLead await -> awaitLead(await);
            case Order.Claim claim -> claim(claim);
            case Order.Close close -> close(close);
            case Order.Alter alter -> {
                regions.copy(alter.region()).alter(alter.epoch(), alter.schema(), ORDER_WAIT);
                yield new Reply.Ack();
            }
            case Order.Flush flush -> {
                var copy = regions.copy(flush.region());
                flusher.flushNow(copy, flush.epoch());
                yield copy.position(flush.epoch());
            }
            case Order.Drop drop -> drop(drop);
        };
    }

    private Order.Progress openFollower(Order.OpenFollower order) throws InterruptedException {
        try (var _ = openings.turn(order.region())) {
            var there = regions.find(order.region());
            if (there.isPresent() && there.get().procedure().equals(order.procedure())) {
                return there.get().awaitApplied(there.get().replica().applied(), Duration.ZERO);
            }
            // One that was asleep while it was replaced still thinks so, without a lease.
            if (there.isPresent()
                    && there.get().role() instanceof Role.Leading leading
                    && leases.held(order.region(), leading.epoch())) {
                throw TerraneException.rejected(
                        ErrorCode.PEER_UNFIT,
                        "this node leads the region already: region=%s",
                        order.region());
            }
            ended.refuse(order.procedure());
            openings.source().warmUp(lanes.lane(order.wal()), order.region());
            var copy =
                    there.isPresent() && joins(there.get(), order.procedure())
                            ? there.get()
                            : openings.follow(order.procedure(), order.region(), order.wal());
            if (ended.contains(order.procedure())) {
                regions.remove(copy); // it was to be closed while it was opened
            }
            return copy.awaitApplied(WalOffset.ZERO, Duration.ZERO);
        }
    }

    /// One that follows already has what it read; but what it lacks must lie above the procedure's
    /// pin, so it must have come as far as the latest manifest.
    private boolean joins(RegionCopy there, ProcedureId procedure) throws InterruptedException {
        return there.role() instanceof Role.Following
                && openings.bringUpToDate(there)
                && there.takenBy(procedure);
    }

    private Order.Progress awaitApplied(Order.AwaitApplied order) throws InterruptedException {
        var copy = regions.copyOf(order.procedure(), order.region());
        if (copy.replica().manifest().version() < order.manifestVersion()) {
            try (var _ = openings.turn(order.region())) {
                copy = regions.copyOf(order.procedure(), order.region());
                if (copy.replica().manifest().version() < order.manifestVersion()
                        && copy.role() instanceof Role.Following
                        && !openings.bringUpToDate(copy)) {
                    var wal = copy.identity().wal();
                    copy = openings.follow(order.procedure(), order.region(), wal);
                }
            }
        }
        return copy.awaitApplied(order.offset(), order.atMost());
    }

    private Order.Position freeze(Order.Freeze order) throws InterruptedException {
        ended.refuse(order.procedure());
        var copy = regions.copy(order.region());
        copy.position(order.epoch()); // refuses unless it leads under that epoch
        if (!copy.edits().frozen()) {
            flusher.flushIfDue(copy, order.epoch());
        }
        if (!copy.edits().freeze(order.procedure(), ORDER_WAIT)) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY,
                    "a manifest version is still being created: region=%s",
                    order.region());
        }
        return copy.position(order.epoch());
    }

    private Reply prepare(Order.PrepareToLead order) throws InterruptedException {
        ended.refuse(order.procedure());
        regions.copyOf(order.procedure(), order.region());
        awaitLease(order.region(), order.epoch());
        // Not while it is being opened anew at a later manifest, which would close it again.
        try (var _ = openings.turn(order.region())) {
            var copy = regions.copyOf(order.procedure(), order.region());
            copy.prepare(order.epoch(), lanes.lane(copy.identity().wal()));
            if (!copy.isForEpoch(order.epoch())) {
                // Said before the source stops, so that it costs no write anything.
                leases.finish(order.region(), order.epoch());
                throw TerraneException.rejected(
                        ErrorCode.NOT_THE_LEADER,
                        "the copy cannot lead: region=%s epoch=%s role=%s",
                        order.region(),
                        order.epoch(),
                        copy.role());
            }
            return new Reply.Ack();
        }
    }

    /// The target counts on the manifest that it has loaded, so the source must not have begun to
    /// edit it again.
    private Order.HandedOver handOver(Order.HandOver order) throws InterruptedException {
        var copy = regions.copy(order.region());
        if (copy.isForEpoch(order.epoch()) && !copy.edits().isFrozenBy(order.procedure())) {
            throw TerraneException.rejected(
                    ErrorCode.NOT_THE_LEADER,
                    "the manifest is not frozen for this procedure: region=%s procedure=%s",
                    order.region(),
                    order.procedure());
        }
        return copy.handOver(order.epoch(), order.successor(), ORDER_WAIT);
    }

    private void awaitLease(RegionId region, Epoch epoch) throws InterruptedException {
        leases.want(region, epoch);
        if (!leases.awaitHeld(region, epoch, ORDER_WAIT)) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY, "no lease yet: region=%s epoch=%s", region, epoch);
        }
    }

    private Order.Leading awaitLead(Order.AwaitLead order) throws InterruptedException {
        var copy = regions.copyOf(order.procedure(), order.region());
        return switch (copy.awaitLead(order.epoch(), order.atMost())) {
            case Order.Leading leading -> leading;
            case Order.Poisoned poisoned ->
                    throw TerraneException.rejected(ErrorCode.PEER_UNFIT, "%s", poisoned.reason());
            case Order.Replaying replaying ->
                    throw TerraneException.unavailable(
                            ErrorCode.NOT_READY,
                            "does not lead yet: region=%s epoch=%s applied=%s end=%s",
                            order.region(),
                            order.epoch(),
                            replaying.applied(),
                            replaying.end());
        };
    }

    private Order.Claimed claim(Order.Claim order) throws InterruptedException {
        hot.giveWay();
        try (var _ = openings.turn(order.region())) {
            var there = regions.find(order.region());
            if (there.isPresent() && there.get().isForEpoch(order.epoch())) {
                return there.get().awaitLead(order.epoch(), ORDER_WAIT);
            }
            var poisoned = there.flatMap(copy -> copy.cell().poisonedUnder(order.epoch()));
            if (poisoned.isPresent()) {
                return poisoned.get();
            }
            // Refuses an epoch that is history before anything is changed.
            leases.want(order.region(), order.epoch());
            boolean follows = there.isPresent() && there.get().role() instanceof Role.Following;
            if (follows && order.skip().isEmpty()) {
                return claimedByFollower(order, there.get()).awaitLead(order.epoch(), ORDER_WAIT);
            }
            // What led here goes: a region is rebuilt from the log, never from old memory.
            there.ifPresent(regions::remove);
            return claimed(order).awaitLead(order.epoch(), ORDER_WAIT);
        }
    }

    /// Announced to the tail from the start, so that regions that are claimed together are replayed
    /// together.
    private RegionCopy claimed(Order.Claim order) throws InterruptedException {
        var tail = openings.tail(order.wal());
        try (var _ = tail.announce()) {
            awaitLease(order.region(), order.epoch());
            return opened(order, manifest(order), tail);
        }
    }

    /// What the follower has replayed is not replayed again, unless it is behind the claimed
    /// version. It waits for the fence before that is sent.
    private RegionCopy claimedByFollower(Order.Claim order, RegionCopy follower)
            throws InterruptedException {
        awaitLease(order.region(), order.epoch());
        var manifest = manifest(order);
        if (!takesOver(follower, order, manifest)) {
            regions.remove(follower);
            return opened(order, manifest, openings.tail(order.wal()));
        }
        try {
            fence(order, manifest);
        } catch (TerraneException.Uncertain e) {
            regions.remove(follower);
            throw e;
        }
        return follower;
    }

    /// A copy that follows has never led, so what it has replayed is good, if that reaches what the
    /// claimed version has in files.
    private boolean takesOver(RegionCopy follower, Order.Claim order, Manifest claimed) {
        if (!follower.replica().catchUpWith(claimed) || !follower.takenBy(order.procedure())) {
            return false;
        }
        follower.prepare(order.epoch(), lanes.lane(order.wal()));
        return follower.isForEpoch(order.epoch());
    }

    private RegionCopy opened(Order.Claim order, Manifest manifest, PartitionTail tail)
            throws InterruptedException {
        fence(order, manifest);
        var copy = openings.claimed(order.procedure(), manifest);
        copy.prepare(order.epoch(), lanes.lane(order.wal()));
        regions.put(copy);
        copy.follow(tail);
        return copy;
    }

    private Manifest manifest(Order.Claim order) throws InterruptedException {
        var source = openings.source();
        return source.claim(source.manifests(order.region()), order);
    }

    private void fence(Order.Claim order, Manifest manifest) throws InterruptedException {
        var lane = lanes.lane(order.wal());
        try {
            openings.source().fence(lane, order.region(), order.epoch(), manifest.version());
        } catch (TerraneException.Uncertain e) {
            // The fence may land any time: never lead by it.
            leases.finish(order.region(), order.epoch());
            throw e;
        }
    }

    private Reply close(Order.Close order) {
        ended.add(order.procedure());
        var copy = regions.find(order.region());
        if (copy.isPresent() && copy.get().mayClose(order.procedure(), order.epoch())) {
            regions.remove(copy.get());
        }
        return new Reply.Ack();
    }

    private Reply drop(Order.Drop order) throws InterruptedException {
        try (var _ = openings.turn(order.region())) {
            regions.find(order.region()).ifPresent(regions::remove);
            openings.source().deleteAll(order.region());
            return new Reply.Ack();
        }
    }
}
