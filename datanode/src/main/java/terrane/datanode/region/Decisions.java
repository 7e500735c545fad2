package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.LeaderHint;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.time.Clock;
import terrane.core.wal.ReplayRule.Verdict;
import terrane.core.wal.WalRecord;
import terrane.datanode.Ack;
import terrane.engine.region.Replica;
import terrane.wire.datanode.DataRequest.Written;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.util.Optional;

/*
 * With `Ack.LEASE` a record is applied when it has landed, by whoever appended it, and the lease
 * proves that it lies before any successor's fence.
 *
 * With `Ack.READBACK` a leader goes on reading its own log, and applies only what it reads, by the
 * replay rule, like everybody else:
 *
 * (1) A record of ours that is read with the verdict APPLY lies before the fence of any later
 *     epoch, for the rule would have that fence in force otherwise. So every successor replays it,
 *     or finds it in a file: it may be acknowledged, whatever any clock says.
 * (2) It must have landed, too. Readers see a record as soon as the replicas in sync have it; the
 *     broker acknowledges only if these are as many as the cluster is told to insist on.
 * (3) The source of a handover reads up to its own fence. What was in flight lies before it in the
 *     log, has been read before it, and has landed before it, so nothing is left undecided when the
 *     fence is settled. Records behind its fence are its successor's, whose rows must not get into
 *     the sum that it reports.
 * (4) What a copy has applied was read back, so a key that it remembers may be acknowledged again
 *     without a lease.
 */

/// Decides what a leading copy has appended. Called by the region's own thread alone.
final class Decisions {
    private final RegionIdentity identity;
    private final Replica replica;
    private final RoleCell cell;
    private final NodeTerms terms;
    private final Clock clock;

    Decisions(
            RegionIdentity identity, Replica replica, RoleCell cell, NodeTerms terms, Clock clock) {
        this.identity = identity;
        this.replica = replica;
        this.cell = cell;
        this.terms = terms;
        this.clock = clock;
    }

    /// The broker has acknowledged an append of this copy.
    void landed(Append append, WalOffset offset) {
        switch (terms.ack()) {
            case LEASE -> {
                // What landed is applied, acknowledged or not: otherwise a retry would be appended
                // twice.
                replica.apply(offset, append.record(), append.batch());
                try (var _ = cell.lock()) {
                    // This process may have slept anywhere above, so only a lease held *now*, under
                    // the epoch that was appended, proves that the append came before any successor
                    // fenced.
                    settle(append, offset, terms.leases().held(identity.region(), epoch(append)));
                }
            }
            case READBACK -> {
                append.hasLanded();
                append.readBack().ifPresent(read -> settleReadBack(append, read));
            }
        }
    }

    /// The tail has read a record of this region.
    ///
    /// @return what has become of it
    Verdict read(WalOffset offset, WalRecord record) {
        var own = own(record);
        var verdict = replica.apply(offset, record, own.flatMap(Append::batch));
        if (own.isPresent()) {
            var read = new Append.ReadBack(offset, verdict);
            own.get().wasRead(read);
            if (own.get().landed()) {
                settleReadBack(own.get(), read);
            }
        }
        return verdict;
    }

    private Optional<Append> own(WalRecord record) {
        if (!terms.readsBack()) {
            return Optional.empty();
        }
        try (var _ = cell.lock()) {
            return cell.appender().flatMap(out -> out.inFlight(record.header()));
        }
    }

    private void settleReadBack(Append append, Append.ReadBack read) {
        try (var _ = cell.lock()) {
            settle(append, read.offset(), read.verdict() == Verdict.APPLY);
        }
    }

    /// Called under the lock.
    ///
    /// @param stands for rows and schemas: whether no successor had fenced before
    private void settle(Append append, WalOffset offset, boolean stands) {
        cell.appender().ifPresent(out -> out.settled(append));
        if (append.record() instanceof WalRecord.Fence) {
            handedOver(append, offset);
        } else if (stands) {
            Optional<LeaderHint> successor =
                    cell.role() instanceof Role.HandingOver handing
                            ? Optional.of(handing.successor())
                            : Optional.empty();
            append.acknowledge(new Written(offset, replica.applied(), successor));
        } else {
            append.refuse(
                    TerraneException.uncertain(
                            ErrorCode.OUTCOME_UNKNOWN,
                            "%s: region=%s epoch=%s offset=%s",
                            terms.ack() == Ack.LEASE
                                    ? "the lease lapsed during the append"
                                    : "the record lies behind a successor's fence",
                            identity.region(),
                            epoch(append),
                            offset));
        }
    }

    private static Epoch epoch(Append append) {
        return append.record().header().epoch();
    }

    private void handedOver(Append fence, WalOffset offset) {
        if (cell.role() instanceof Role.HandingOver handing) {
            var report =
                    new Order.HandedOver(
                            handing.epoch(),
                            offset,
                            replica.manifest().version(),
                            replica.manifestDigest(),
                            replica.unflushed(),
                            Duration.ofNanos(clock.nanos() - fence.sentNanos()));
            cell.become(new Role.HandedOver(handing.epoch(), handing.successor(), report));
            terms.leases().finish(identity.region(), handing.epoch());
            cell.signal();
        }
    }

    /// Whether what the tail reads from here on is the successor's business: this copy has read its
    /// own fence.
    boolean isPastOwnFence() {
        return switch (cell.role()) {
            case Role.HandingOver handing -> replica.inForce().equals(handing.successor().epoch());
            case Role.HandedOver _ -> true;
            case Role.Following _, Role.Preparing _, Role.Leading _, Role.Stopped _ -> false;
        };
    }
}
