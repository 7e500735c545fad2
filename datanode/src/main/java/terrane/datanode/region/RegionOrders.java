package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.datanode.lease.LeaseTable;
import terrane.datanode.log.PartitionTails;
import terrane.datanode.log.ProducerLanes;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Carries out the metasrv's orders, each of which may come again, late, or out of date: an order
/// that does not match what is here is refused and changes nothing.
public final class RegionOrders {
    /// What an order waits for at most before it is answered; the metasrv asks again.
    private static final Duration ORDER_WAIT = Duration.ofSeconds(5);

    private final Regions regions;
    private final CopyFactory factory;
    private final RegionSource source;
    private final LeaseTable leases;
    private final ProducerLanes lanes;
    private final PartitionTails tails;
    private final Flusher flusher;

    /// One opening of a region at a time; a lock is some 100 bytes for each region ever here.
    private final ConcurrentHashMap<RegionId, ReentrantLock> openings = new ConcurrentHashMap<>();

    private final EndedProcedures ended = new EndedProcedures();

    RegionOrders(
            Regions regions,
            CopyFactory factory,
            RegionSource source,
            LeaseTable leases,
            ProducerLanes lanes,
            PartitionTails tails,
            Flusher flusher) {
        this.regions = regions;
        this.factory = factory;
        this.source = source;
        this.leases = leases;
        this.lanes = lanes;
        this.tails = tails;
        this.flusher = flusher;
    }

    /// Makes copies of this node.
    interface CopyFactory {
        RegionCopy copy(ProcedureId procedure, Manifest manifest, ManifestStore manifests);
    }

    /// Answers one order; blocks until it is carried out.
    public Reply answer(Order<?> order) throws InterruptedException {
        return switch (order) {
            case Order.Nudge _ -> {
                leases.nudge();
                yield new Reply.Ack();
            }
            case Order.OpenFollower open -> openFollower(open);
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
        var opening = opening(order.region());
        try {
            var there = regions.find(order.region());
            if (there.isPresent() && there.get().identity().procedure().equals(order.procedure())) {
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
            source.warmUp(lanes.lane(order.wal()), order.region());
            var copy = follow(order.procedure(), order.region(), order.wal());
            if (ended.contains(order.procedure())) {
                regions.remove(copy); // it was to be closed while it was opened
            }
            return copy.awaitApplied(WalOffset.ZERO, Duration.ZERO);
        } finally {
            opening.unlock();
        }
    }

    /// Opens a copy at the latest manifest and has it follow the log.
    private RegionCopy follow(ProcedureId procedure, RegionId region, WalPartition wal)
            throws InterruptedException {
        var manifests = source.manifests(region);
        var copy = factory.copy(procedure, source.latest(manifests, region), manifests);
        regions.put(copy);
        copy.follow(tails.tail(wal));
        return copy;
    }

    private Order.Progress awaitApplied(Order.AwaitApplied order) throws InterruptedException {
        var copy = regions.copyOf(order.procedure(), order.region());
        if (copy.replica().manifest().version() < order.manifestVersion()) {
            var opening = opening(order.region());
            try {
                copy = regions.copyOf(order.procedure(), order.region());
                if (copy.replica().manifest().version() < order.manifestVersion()
                        && copy.role() instanceof Role.Following) {
                    copy = follow(order.procedure(), order.region(), copy.identity().wal());
                }
            } finally {
                opening.unlock();
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
        var opening = opening(order.region());
        try {
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
        } finally {
            opening.unlock();
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
        var opening = opening(order.region());
        try {
            var there = regions.find(order.region());
            if (there.isPresent() && there.get().isForEpoch(order.epoch())) {
                return there.get().awaitLead(order.epoch(), ORDER_WAIT);
            }
            // Refuses an epoch that is history before anything is changed.
            leases.want(order.region(), order.epoch());
            // Whatever was here goes: a region is rebuilt from the log, never from old memory.
            there.ifPresent(regions::remove);
            return claimed(order).awaitLead(order.epoch(), ORDER_WAIT);
        } finally {
            opening.unlock();
        }
    }

    /// Announced to the tail from the start, so that regions that are claimed together are replayed
    /// together.
    private RegionCopy claimed(Order.Claim order) throws InterruptedException {
        var tail = tails.tail(order.wal());
        try (var _ = tail.announce()) {
            awaitLease(order.region(), order.epoch());
            var copy = fenced(order);
            copy.follow(tail);
            return copy;
        }
    }

    private RegionCopy fenced(Order.Claim order) throws InterruptedException {
        var region = order.region();
        var manifests = source.manifests(region);
        var manifest = source.claim(manifests, region, order.epoch(), order.wal(), order.schema());
        var lane = lanes.lane(order.wal());
        try {
            source.fence(lane, region, order.epoch(), manifest.version());
        } catch (TerraneException.Uncertain e) {
            leases.finish(region, order.epoch()); // the fence may land any time: never lead by it
            throw e;
        }
        var copy = factory.copy(order.procedure(), manifest, manifests);
        copy.prepare(order.epoch(), lane);
        regions.put(copy);
        return copy;
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
        var opening = opening(order.region());
        try {
            regions.find(order.region()).ifPresent(regions::remove);
            source.deleteAll(order.region());
            return new Reply.Ack();
        } finally {
            opening.unlock();
        }
    }

    /// Taken for as long as a region is being opened here; the caller unlocks it.
    private ReentrantLock opening(RegionId region) throws InterruptedException {
        var lock = openings.computeIfAbsent(region, _ -> new ReentrantLock());
        lock.lockInterruptibly();
        return lock;
    }
}
