package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.wal.WriteKey;
import terrane.engine.memtable.Memtable;
import terrane.engine.region.Replica;
import terrane.wire.datanode.DataRequest;
import terrane.wire.datanode.DataRequest.Written;

import java.time.Duration;
import java.util.Optional;

/*
 * A key is in flight until its record is applied, and in the replica's window from then on. It is
 * added to the window first and removed from those in flight second, and looked up in the other
 * order, so it is found in at least one of them.
 */

/// The door of a copy: which writes are given to its producer, and which reads see its rows. State
/// and epoch check, key check, and the hand to the producer are one critical section; waiting for
/// the outcome is outside it. Otherwise a write would slip in behind the fence.
final class Admission {
    private final RegionId region;
    private final Replica replica;
    private final RoleCell cell;
    private final NodeTerms terms;
    private final Clock clock;
    private final HeldWrites held;

    Admission(RegionId region, Replica replica, RoleCell cell, NodeTerms terms, Clock clock) {
        this.region = region;
        this.replica = replica;
        this.cell = cell;
        this.terms = terms;
        this.clock = clock;
        this.held = new HeldWrites(region, cell, terms.holds(), clock);
        cell.whenChanged(() -> held.decideAll(this::admit));
    }

    /// Writes a batch once per key; blocks until it is decided. What comes before the fence that
    /// makes this copy lead is held, and checked like any other when it is finally appended.
    Written write(DataRequest.Write request, Duration atMost) throws InterruptedException {
        var entrant = Entrant.of(request);
        return switch (enter(entrant)) {
            case Admitted.Sent sent -> sent.append().await(clock, atMost);
            case Admitted.AlreadyWritten already -> already.written();
        };
    }

    private Admitted enter(Entrant entrant) throws InterruptedException {
        HeldWrites.Held waiting;
        try (var _ = cell.lock()) {
            if (!cell.isPreparing(entrant.request().epoch())) {
                return admit(entrant);
            }
            waiting = held.hold(entrant);
        }
        return held.await(waiting);
    }

    /// Called under the lock.
    private Admitted admit(Entrant entrant) {
        var request = entrant.request();
        var out = cell.leadingUnder(request.epoch());
        if (request.key().isPresent()) {
            var known = known(out, request.key().get(), request);
            if (known.isPresent()) {
                return known.get();
            }
        }
        var schema = replica.schema();
        if (request.schemaVersion() > schema.version()) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY,
                    "the table's new columns are not here yet: region=%s schema=%d",
                    region,
                    schema.version());
        }
        Memtable.check(entrant.batch(), schema);
        checkLease(request.epoch()); // saves work; what counts comes after the append
        return new Admitted.Sent(
                out.rows(request.key(), request.schemaVersion(), request.batch(), entrant.batch()));
    }

    /// Called under the lock: what is known of a key that was used before.
    private Optional<Admitted> known(Appender out, WriteKey key, DataRequest.Write request) {
        var underWay = out.inFlight(key);
        if (underWay.isPresent()) {
            return Optional.of(new Admitted.Sent(underWay.get()));
        }
        var offset = replica.find(key);
        if (offset.isPresent()) {
            checkStands(request.epoch());
            return Optional.of(
                    new Admitted.AlreadyWritten(
                            new Written(offset.get(), replica.applied(), Optional.empty())));
        }
        var floor = replica.keyFloor();
        if (request.since().isPresent() && request.since().get().isBelow(floor)) {
            throw TerraneException.rejected(
                    ErrorCode.KEY_FORGOTTEN,
                    "not written now, and nobody knows whether it was before, since too many writes"
                            + " came after this key was first used: read back before writing it"
                            + " anew: region=%s since=%s floor=%s",
                    region,
                    request.since().get(),
                    floor);
        }
        return Optional.empty();
    }

    /// Whether what is applied may be acknowledged, again or to somebody else: without a lease it
    /// may lie behind a successor's fence, unless it was read back.
    ///
    /// @throws TerraneException.Unavailable unless it may
    void checkStands(Epoch epoch) {
        if (!terms.readsBack()) {
            checkLease(epoch);
        }
    }

    /// @throws TerraneException.Unavailable unless the lease is held now
    void checkLease(Epoch epoch) {
        if (!terms.leases().held(region, epoch)) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY, "the lease has lapsed: region=%s epoch=%s", region, epoch);
        }
    }

    /// What there is to read, under a lease that is held after the snapshot was taken.
    Replica.View read(Epoch epoch) throws InterruptedException {
        Replica.View view;
        try (var _ = cell.lock()) {
            cell.awaitLeading(epoch);
            view = replica.view();
        }
        try (var _ = cell.lock()) {
            cell.leadingUnder(epoch);
            checkLease(epoch);
            return view;
        } catch (TerraneException e) {
            view.close();
            throw e;
        }
    }
}
