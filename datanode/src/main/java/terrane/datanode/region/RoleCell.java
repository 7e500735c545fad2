package terrane.datanode.region;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.LeaderHint;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.time.Clock;
import terrane.wire.datanode.Order;

import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A copy's role, with the lock that makes admission one critical section. Except for [#role] and
/// [#lock], the caller holds the lock.
final class RoleCell {
    private final RegionIdentity identity;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// Changed under the lock; looked at without it by heartbeats, which wait for nobody.
    private volatile Role role = new Role.Following();

    private @Nullable Appender appender;
    private Optional<Order.Poisoned> poison = Optional.empty();
    private Runnable toldOfChange = () -> {};

    RoleCell(RegionIdentity identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    /// For `try (var _ = cell.lock())`.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    Held lock() {
        lock.lock();
        return lock::unlock;
    }

    Role role() {
        return role;
    }

    /// @param told under the lock, after each change of the role, by whoever changes it
    void whenChanged(Runnable told) {
        toldOfChange = told;
    }

    void become(Role next) {
        role = next;
        changed.signalAll();
        toldOfChange.run();
    }

    void lead(Role.Leading next, Appender through) {
        appender = through;
        become(next);
    }

    /// Has waiters look again: something that they wait for besides the role has changed.
    void signal() {
        changed.signalAll();
    }

    void await(long deadlineNanos) throws InterruptedException {
        clock.await(changed, clock.until(deadlineNanos));
    }

    /// What was appended through while this copy led; empty if it never did.
    Optional<Appender> appender() {
        return Optional.ofNullable(appender);
    }

    boolean isPreparing(Epoch epoch) {
        return role instanceof Role.Preparing preparing && preparing.epoch().equals(epoch);
    }

    /// @throws TerraneException.NotLeader unless this copy leads under `epoch`
    Appender leadingUnder(Epoch epoch) {
        var out = appender;
        if (role instanceof Role.Leading leading && leading.epoch().equals(epoch) && out != null) {
            return out;
        }
        throw notLeader(epoch);
    }

    /// What kept this copy from leading under `epoch`.
    ///
    /// @throws TerraneException.Unavailable if that was no record that cannot be read
    Order.Poisoned whyNotLeading(Epoch epoch) {
        return poisonedUnder(epoch)
                .orElseThrow(() ->
                        TerraneException.unavailable(
                                ErrorCode.NOT_READY,
                                "does not lead: region=%s epoch=%s role=%s",
                                identity.region(),
                                epoch,
                                role));
    }

    /// The record that kept this copy from leading under `epoch`, if it was one. Takes the lock.
    Optional<Order.Poisoned> poisonedUnder(Epoch epoch) {
        try (var _ = lock()) {
            return poison.filter(found -> found.epoch().equals(epoch));
        }
    }

    /// The record that this copy has stopped at, whatever it was to become. Takes the lock.
    Optional<WalOffset> poisonedAt() {
        try (var _ = lock()) {
            return poison.map(Order.Poisoned::offset);
        }
    }

    /// This copy has met a record that it cannot read, and is about to stop. Takes the lock.
    void poisoned(WalOffset offset, boolean rows, String reason) {
        try (var _ = lock()) {
            var epoch = role instanceof Role.Preparing preparing ? preparing.epoch() : Epoch.NONE;
            poison = Optional.of(new Order.Poisoned(epoch, offset, rows, reason));
        }
    }

    /// Blocks while this copy is about to lead under `epoch`.
    void awaitLeading(Epoch epoch) throws InterruptedException {
        long deadline = clock.nanosAfter(HeldWrites.HOLD_MAX);
        while (isPreparing(epoch)) {
            if (clock.passed(deadline)) {
                throw TerraneException.unavailable(
                        ErrorCode.NOT_READY,
                        "the fence did not come in time: region=%s epoch=%s",
                        identity.region(),
                        epoch);
            }
            await(deadline);
        }
        leadingUnder(epoch);
    }

    TerraneException.NotLeader notLeader(Epoch asked) {
        return new TerraneException.NotLeader(
                ErrorCode.REGION_ELSEWHERE,
                "this node does not lead the region: region=%s epoch=%s node=%s"
                        .formatted(identity.region(), asked, identity.me()),
                hint().orElse(null),
                null);
    }

    /// Who leads, as far as this copy knows.
    Optional<LeaderHint> hint() {
        return switch (role) {
            case Role.Leading leading -> Optional.of(identity.hint(leading.epoch()));
            case Role.HandingOver handing -> Optional.of(handing.successor());
            case Role.HandedOver handed -> Optional.of(handed.successor());
            case Role.Following _, Role.Preparing _, Role.Stopped _ -> Optional.empty();
        };
    }
}
