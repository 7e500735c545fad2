package terrane.datanode.region;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.LeaderHint;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.TableSchema;
import terrane.core.time.Clock;
import terrane.core.wal.ReplayRule;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.datanode.log.PartitionTail;
import terrane.datanode.log.ProducerLane;
import terrane.datanode.log.Subscription;
import terrane.datanode.region.RegionEvent.Landed;
import terrane.datanode.region.RegionEvent.Reached;
import terrane.datanode.region.RegionEvent.Read;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.region.Replica;
import terrane.wire.datanode.DataRequest;
import terrane.wire.datanode.Order;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/*
 * Two kinds of thread meet here. Requests (writes, scans, orders) take the lock, decide by the
 * role, and wait outside it. The region's own thread takes events in order, applies what landed or
 * was read, and decides. The lock makes admission one critical section (protocol §2): between the
 * look at the role and the hand to the producer nothing can slip, so a write that is admitted lies
 * before the fence in the log.
 */

/// One copy of one region on this node, with its role.
public final class RegionCopy {
    private static final System.Logger LOG = System.getLogger(RegionCopy.class.getName());

    private final RegionIdentity identity;
    private final Replica replica;
    private final ManifestStore manifests;
    private final NodeTerms terms;
    private final Clock clock;
    private final GiveUps giveUps;
    private final RegionThread thread;
    private final ManifestEdits edits;
    private final RoleCell cell;
    private final Admission admission;
    private final Decisions decisions;

    /// Whose copy it is now.
    private volatile ProcedureId procedure;

    private @Nullable Subscription subscription;
    private @Nullable ProducerLane lane;
    private Runnable detach = () -> {};
    private WalOffset end;

    /// Who is told that a leading copy cannot go on.
    interface GiveUps {
        void gaveUp(RegionId region, Epoch epoch, String reason);
    }

    RegionCopy(
            RegionIdentity identity,
            Replica replica,
            ManifestStore manifests,
            NodeTerms terms,
            Clock clock,
            GiveUps giveUps) {
        this.identity = identity;
        this.procedure = identity.procedure();
        this.replica = replica;
        this.manifests = manifests;
        this.terms = terms;
        this.clock = clock;
        this.cell = new RoleCell(identity, clock);
        this.giveUps = giveUps;
        this.admission = new Admission(identity.region(), replica, cell, terms, clock);
        this.decisions = new Decisions(identity, replica, cell, terms, clock);
        this.thread = new RegionThread(this, identity.region(), clock);
        this.edits = new ManifestEdits(clock);
        this.end = replica.applied();
    }

    RegionIdentity identity() {
        return identity;
    }

    /// Who opened this copy, or took it over since.
    ProcedureId procedure() {
        return procedure;
    }

    RegionId region() {
        return identity.region();
    }

    Replica replica() {
        return replica;
    }

    /// For edits only by who has begun one with [#edits].
    ManifestStore manifests() {
        return manifests;
    }

    Admission admission() {
        return admission;
    }

    ManifestEdits edits() {
        return edits;
    }

    Role role() {
        return cell.role();
    }

    RoleCell cell() {
        return cell;
    }

    Poisons poisons() {
        return terms.poisons();
    }

    /// Starts to follow the log from where the manifest ends.
    void follow(PartitionTail tail) {
        thread.start();
        try (var _ = cell.lock()) {
            subscription = tail.subscribe(region(), replica.applied(), thread);
        }
    }

    DataRequest.Described describe() {
        try (var _ = cell.lock()) {
            return new DataRequest.Described(
                    replica.inForce(),
                    cell.role() instanceof Role.Leading,
                    replica.applied(),
                    cell.hint());
        }
    }

    // ------------------------------------------------------------ orders

    /// From here on this copy holds what is sent to it for `epoch`, and leads once it reads that
    /// epoch's fence under a lease.
    void prepare(Epoch epoch, ProducerLane through) {
        replica.manifestDigest(); // the manifest is frozen; nobody waits for the sum over it now
        try (var _ = cell.lock()) {
            if (cell.role() instanceof Role.Following) {
                cell.become(new Role.Preparing(epoch));
                lane = through;
                detach = through.attach(cause -> thread.tell(lost(cause)));
            }
        }
    }

    /// A copy that follows becomes a procedure's.
    ///
    /// @return false if it does not follow any more
    boolean takenBy(ProcedureId next) {
        try (var _ = cell.lock()) {
            if (cell.role() instanceof Role.Following) {
                procedure = next;
                return true;
            }
            return false;
        }
    }

    private static RegionEvent.Lost lost(Exception cause) {
        return new RegionEvent.Lost(String.valueOf(cause.getMessage()));
    }

    /// Waits until this copy leads under `epoch`, at most that long; else says how far it is.
    ///
    /// @throws TerraneException.Unavailable if it never will
    Order.Claimed awaitLead(Epoch epoch, Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        try (var _ = cell.lock()) {
            while (true) {
                if (cell.role() instanceof Role.Leading leading && leading.epoch().equals(epoch)) {
                    return leading.report();
                }
                if (!cell.isPreparing(epoch)) {
                    return cell.whyNotLeading(epoch);
                }
                if (clock.passed(deadline)) {
                    return new Order.Replaying(epoch, replica.applied(), end);
                }
                cell.await(deadline);
            }
        }
    }

    /// Passes the right to acknowledge on: stops admitting and reading, and appends the successor's
    /// fence behind the writes in flight. Blocks until the fence is acknowledged.
    ///
    /// @throws TerraneException.Unavailable if nothing was sent, and this copy leads as before
    Order.HandedOver handOver(Epoch epoch, LeaderHint successor, Duration atMost)
            throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        try (var _ = cell.lock()) {
            if (cell.role() instanceof Role.Leading) {
                // Nobody reads or is admitted between these lines: both need the lock.
                cell.leadingUnder(epoch).fence(successor, replica.manifest().version());
                cell.become(new Role.HandingOver(epoch, successor));
            }
            while (cell.role() instanceof Role.HandingOver handing
                    && handing.epoch().equals(epoch)) {
                if (clock.passed(deadline)) {
                    throw TerraneException.uncertain(
                            ErrorCode.TIMED_OUT,
                            "the fence was not acknowledged in time: region=%s epoch=%s",
                            region(),
                            successor.epoch());
                }
                cell.await(deadline);
            }
            if (cell.role() instanceof Role.HandedOver handed
                    && handed.successor().epoch().equals(successor.epoch())) {
                return handed.report();
            }
            throw cell.notLeader(epoch);
        }
    }

    /// Appends a schema; blocks until it is applied. Nothing to do if it is known already.
    void alter(Epoch epoch, TableSchema schema, Duration atMost) throws InterruptedException {
        Append append;
        try (var _ = cell.lock()) {
            var out = cell.leadingUnder(epoch);
            if (replica.schema().version() >= schema.version()) {
                admission.checkStands(epoch);
                return;
            }
            append = out.schema(schema);
        }
        append.await(clock, atMost);
    }

    /// Where the leader is.
    Order.Position position(Epoch epoch) {
        try (var _ = cell.lock()) {
            var out = cell.leadingUnder(epoch);
            var manifest = replica.manifest();
            return new Order.Position(
                    replica.applied(), manifest.flushed(), manifest.version(), out.latency());
        }
    }

    /// Waits until everything below `offset` is applied, at most that long.
    ///
    /// @return how far this copy is, whether that is enough or not
    Order.Progress awaitApplied(WalOffset offset, Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        try (var _ = cell.lock()) {
            while (replica.applied().isBelow(offset)
                    && !(cell.role() instanceof Role.Stopped)
                    && !clock.passed(deadline)) {
                cell.await(deadline);
            }
            if (cell.role() instanceof Role.Stopped stopped) {
                throw TerraneException.rejected(
                        ErrorCode.PEER_UNFIT,
                        "the copy has stopped: region=%s reason=%s",
                        region(),
                        stopped.reason());
            }
            return progress();
        }
    }

    /// How far this copy is.
    Order.Progress progress() {
        try (var _ = cell.lock()) {
            return new Order.Progress(
                    replica.applied(), end, replica.manifest().version(), thread.readPerSecond());
        }
    }

    /// Leading copies only: whether nothing is in flight and the lease is held, so that everything
    /// of this region below an offset that was the log's end before this call is applied.
    boolean isQuiet(Epoch epoch) {
        try (var _ = cell.lock()) {
            return cell.leadingUnder(epoch).isIdle() && terms.leases().held(region(), epoch);
        }
    }

    /// Some of what was admitted is in files now.
    void flushed(Replica.Flushing flushing) {
        try (var _ = cell.lock()) {
            cell.appender().ifPresent(out -> out.flushed(flushing.sum()));
        }
    }

    /// Whether this copy leads under `epoch`, or is about to.
    boolean isForEpoch(Epoch epoch) {
        return switch (cell.role()) {
            case Role.Leading leading -> leading.epoch().equals(epoch);
            case Role.Preparing preparing -> preparing.epoch().equals(epoch);
            case Role.Following _, Role.HandingOver _, Role.HandedOver _, Role.Stopped _ -> false;
        };
    }

    /// Whether an order of `procedure` to close what is older than `epoch` concerns this copy.
    boolean mayClose(ProcedureId procedure, Epoch epoch) {
        return switch (cell.role()) {
            case Role.Leading leading -> epoch.isAbove(leading.epoch());
            case Role.HandingOver handing -> epoch.isAbove(handing.epoch().next());
            case Role.Preparing preparing -> epoch.isAbove(preparing.epoch());
            case Role.Following _ -> this.procedure.equals(procedure);
            case Role.HandedOver _, Role.Stopped _ -> true;
        };
    }

    // ------------------------------------------------------------ the region's own thread

    void on(RegionEvent event) {
        switch (event) {
            case Read read -> onRead(read);
            case Reached reached -> onReached(reached);
            case Landed landed -> decisions.landed(landed.append(), landed.offset());
            case RegionEvent.Lost lost ->
                    giveUp("an append has an unknown outcome: " + lost.reason());
            case RegionEvent.TailFailed failed -> giveUp(failed.cause().text());
            case RegionEvent.Closed _ -> stop("closed");
        }
    }

    private void onRead(Read read) {
        var stored = WalRecordCodec.decode(read.entry().record());
        if (!stored.cluster().equals(identity.cluster()) || decisions.isPastOwnFence()) {
            return;
        }
        var offset = read.entry().offset();
        var verdict = decisions.read(offset, stored.record());
        if (verdict == ReplayRule.Verdict.FENCE
                && stored.record() instanceof WalRecord.Fence fence) {
            onFence(fence, offset);
        }
    }

    private void onReached(Reached reached) {
        try (var _ = cell.lock()) {
            if (reads()) {
                terms.poisons().passed(region(), reached.position());
                replica.reached(reached.position());
                end = WalOffset.max(end, reached.end().orElse(reached.position()));
                cell.signal();
            }
        }
    }

    /// Called under the lock: whether this copy applies what the tail passes on.
    private boolean reads() {
        return switch (cell.role()) {
            case Role.Following _, Role.Preparing _ -> true;
            case Role.Leading _ -> terms.readsBack();
            case Role.HandingOver _, Role.HandedOver _, Role.Stopped _ -> false;
        };
    }

    private void onFence(WalRecord.Fence fence, WalOffset offset) {
        try (var _ = cell.lock()) {
            var epoch = fence.header().epoch();
            switch (cell.role()) {
                case Role.Preparing preparing -> {
                    if (preparing.epoch().equals(epoch) && fence.leader().equals(identity.me())) {
                        lead(fence, offset);
                    } else if (epoch.isAbove(preparing.epoch())) {
                        stop("another leader has fenced: epoch=" + epoch);
                    }
                }
                case Role.HandingOver handing -> {
                    if (handing.successor().epoch().equals(epoch)) {
                        endSubscription(); // its own fence: what follows is the successor's
                    } else {
                        stop("another leader has fenced: epoch=" + epoch);
                    }
                }
                case Role.Leading _ -> stop("another leader has fenced: epoch=" + epoch);
                case Role.HandedOver _ -> endSubscription();
                case Role.Following _, Role.Stopped _ -> {}
            }
        }
    }

    /// Called under the lock: everything before the fence is applied, so with a lease it leads.
    private void lead(WalRecord.Fence fence, WalOffset offset) {
        var epoch = fence.header().epoch();
        var manifest = replica.manifest();
        var through = lane;
        if (!terms.leases().held(region(), epoch)) {
            stop("read the fence without a usable lease: epoch=" + epoch);
        } else if (fence.manifestVersion() != manifest.version()) {
            stop("has not loaded the manifest version of the fence: " + fence.manifestVersion());
        } else if (through != null) {
            var sum = replica.unflushed();
            Optional<Boolean> agreed = fence.unflushed().map(sum::equals);
            if (agreed.equals(Optional.of(false))) {
                LOG.log(
                        Level.WARNING,
                        "the fence counts other rows, be it such as were lost in flight:"
                                + " region={0} epoch={1} source={2} target={3}",
                        region(),
                        epoch,
                        fence.unflushed(),
                        sum);
            }
            var report =
                    new Order.Leading(
                            identity.me(),
                            epoch,
                            offset,
                            manifest.version(),
                            replica.manifestDigest(),
                            sum,
                            agreed,
                            manifest.skipped().size());
            Optional<Holds> readBacks =
                    terms.readsBack() ? Optional.of(terms.readBacks()) : Optional.empty();
            if (!terms.readsBack()) {
                endSubscription();
            }
            var out = new Appender(identity, epoch, through, thread, clock, sum, readBacks);
            replica.lead();
            terms.poisons().passed(region(), offset);
            cell.lead(new Role.Leading(epoch, report), out);
        }
    }

    private void giveUp(String reason) {
        Optional<Epoch> leading = Optional.empty();
        try (var _ = cell.lock()) {
            if (cell.role() instanceof Role.Leading now) {
                leading = Optional.of(now.epoch());
            }
            stop(reason);
        }
        leading.ifPresent(epoch -> giveUps.gaveUp(region(), epoch, reason));
    }

    // ------------------------------------------------------------ the end

    /// This copy is of no use any more: it acknowledges and serves nothing from here on. What was
    /// in flight is answered "outcome unknown". Called by anyone, more than once.
    void stop(String reason) {
        try (var _ = cell.lock()) {
            var before = cell.role();
            if (!(before instanceof Role.HandedOver) && !(before instanceof Role.Stopped)) {
                cell.become(new Role.Stopped(reason));
            }
            switch (before) {
                case Role.Leading leading -> terms.leases().finish(region(), leading.epoch());
                case Role.HandingOver handing -> terms.leases().finish(region(), handing.epoch());
                case Role.Preparing preparing -> terms.leases().finish(region(), preparing.epoch());
                case Role.Following _, Role.HandedOver _, Role.Stopped _ -> {}
            }
            cell.appender().ifPresent(out -> refuse(out, reason));
            detach.run();
            endSubscription();
            cell.signal();
        }
    }

    private void refuse(Appender out, String reason) {
        for (var append : out.abandon()) {
            append.refuse(
                    TerraneException.uncertain(
                            ErrorCode.OUTCOME_UNKNOWN, "%s: region=%s", reason, region()));
        }
    }

    private void endSubscription() {
        if (subscription != null) {
            subscription.end();
            subscription = null;
        }
    }

    /// Stops the copy and gives its memory back.
    void close() {
        stop("closed");
        thread.tell(new RegionEvent.Closed());
    }

    /// The region's thread has ended: nothing is applied any more.
    void ended() {
        replica.close();
    }
}
