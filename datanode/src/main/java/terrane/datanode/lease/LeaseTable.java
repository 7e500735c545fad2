package terrane.datanode.lease;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.lease.RegionLease;
import terrane.core.time.Clock;
import terrane.wire.metasrv.NodeRequest.HeartbeatAnswer;
import terrane.wire.metasrv.NodeRequest.RegionEpoch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The leases that this node wants and those that it holds.
///
/// The wanted set has a version. A heartbeat carries the changes since the version that the metasrv
/// last confirmed; its answer renews the set as it was in that heartbeat, less what is refused.
public final class LeaseTable {
    /// Regions whose last finished epoch is remembered: 65,536 of some 100 bytes are 6.5 MB, and
    /// said again all at once they are 1 MB of the 8 MiB of a message. An older one is history to
    /// the metasrv as well, unless 65,536 others were finished before it heard of it.
    static final int FINISHED_MAX = 65_536;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<RegionId, Epoch> wanted = new TreeMap<>();
    private final Map<RegionId, RegionLease> held = new ConcurrentHashMap<>();
    private final Set<RegionEpoch> finals = new LinkedHashSet<>();
    private final LinkedHashMap<RegionId, Epoch> finished = new LinkedHashMap<>();
    private Set<RegionEpoch> refused = Set.of();
    private Map<RegionId, Epoch> confirmed = Map.of();
    private long confirmedVersion;
    private long version;
    private Runnable nudge = () -> {};
    private boolean left;

    public LeaseTable(Clock clock) {
        this.clock = clock;
    }

    /// What to run when a heartbeat should go at once.
    void nudgedBy(Runnable heartbeatNow) {
        lock.lock();
        try {
            nudge = heartbeatNow;
        } finally {
            lock.unlock();
        }
    }

    /// Has a heartbeat go at once.
    public void nudge() {
        Runnable now;
        lock.lock();
        try {
            now = nudge;
        } finally {
            lock.unlock();
        }
        now.run();
    }

    /// Asks for a lease with every heartbeat from now on, the first at once. A region has one
    /// wanted epoch on a node: a later one replaces it.
    ///
    /// @throws TerraneException.Rejected if the epoch is history: this node has said that it is
    ///   final, or wants a later one, which an order that comes late must not take away
    public void want(RegionId region, Epoch epoch) {
        Runnable now;
        lock.lock();
        try {
            var known = wanted.getOrDefault(region, Epoch.NONE);
            if (epoch.equals(known)) {
                return;
            }
            if (left
                    || known.isAbove(epoch)
                    || !epoch.isAbove(finished.getOrDefault(region, Epoch.NONE))) {
                throw TerraneException.rejected(
                        ErrorCode.NOT_THE_LEADER,
                        "the epoch is history: region=%s epoch=%s",
                        region,
                        epoch);
            }
            wanted.put(region, epoch);
            held.remove(region);
            version++;
            now = nudge;
        } finally {
            lock.unlock();
        }
        now.run();
    }

    /// Asks no more, and forgets the lease. Says so to the metasrv: under `epoch` this node will
    /// never acknowledge or read again.
    public void finish(RegionId region, Epoch epoch) {
        Runnable now;
        lock.lock();
        try {
            if (epoch.equals(wanted.get(region))) {
                wanted.remove(region);
                version++;
            }
            held.computeIfPresent(region, (r, lease) -> lease.epoch().equals(epoch) ? null : lease);
            finals.add(new RegionEpoch(region, epoch));
            remember(region, epoch);
            now = nudge;
        } finally {
            lock.unlock();
        }
        now.run();
    }

    /// Called under the lock.
    private void remember(RegionId region, Epoch epoch) {
        var before = finished.getOrDefault(region, Epoch.NONE);
        finished.putLast(region, before.isAbove(epoch) ? before : epoch);
        if (finished.size() > FINISHED_MAX) {
            finished.pollFirstEntry();
        }
    }

    /// Whether this node holds the lease now. A true answer says that no successor had fenced at
    /// the moment of this call.
    public boolean held(RegionId region, Epoch epoch) {
        var lease = held.get(region);
        return lease != null && lease.epoch().equals(epoch) && lease.heldAt(clock.nanos());
    }

    /// Whether the lease is not held and, as far as the metasrv last said, will not be: what leads
    /// under that epoch leads no more, and what was about to lead will not.
    public boolean isOver(RegionId region, Epoch epoch) {
        lock.lock();
        try {
            boolean said = epoch.equals(finished.get(region));
            return !held(region, epoch)
                    && (said || refused.contains(new RegionEpoch(region, epoch)));
        } finally {
            lock.unlock();
        }
    }

    /// How long the lease still lasts; zero if it is not held.
    public Duration remaining(RegionId region, Epoch epoch) {
        var lease = held.get(region);
        return lease != null && lease.epoch().equals(epoch)
                ? clock.until(lease.deadlineNanos())
                : Duration.ZERO;
    }

    /// Waits until the lease is held.
    ///
    /// @return false if it is not by then
    public boolean awaitHeld(RegionId region, Epoch epoch, Duration atMost)
            throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lock();
        try {
            while (!held(region, epoch)) {
                if (clock.passed(deadline)) {
                    return false;
                }
                clock.await(changed, clock.until(deadline));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// One heartbeat's part that concerns leases.
    ///
    /// @param set the whole set as of `setVersion`
    record Draft(
            long baseVersion,
            long setVersion,
            Map<RegionId, Epoch> set,
            List<RegionEpoch> added,
            List<RegionEpoch> removed,
            List<RegionEpoch> finals) {}

    Draft draft() {
        lock.lock();
        try {
            var added = new ArrayList<RegionEpoch>();
            var removed = new ArrayList<RegionEpoch>();
            wanted.forEach((region, epoch) -> {
                if (!epoch.equals(confirmed.get(region))) {
                    added.add(new RegionEpoch(region, epoch));
                }
            });
            confirmed.forEach((region, epoch) -> {
                if (!epoch.equals(wanted.get(region))) {
                    removed.add(new RegionEpoch(region, epoch));
                }
            });
            return new Draft(
                    confirmedVersion,
                    version,
                    new LinkedHashMap<>(wanted),
                    added,
                    removed,
                    List.copyOf(finals));
        } finally {
            lock.unlock();
        }
    }

    /// Takes in the answer to a heartbeat.
    ///
    /// @param sentNanos read before the heartbeat was handed to the transport
    void answered(Draft draft, HeartbeatAnswer answer, long sentNanos, Duration lease) {
        lock.lock();
        try {
            draft.finals().forEach(finals::remove);
            if (!answer.matched() || answer.setVersion() != draft.setVersion()) {
                forgetConfirmed();
                return;
            }
            confirmed = draft.set();
            confirmedVersion = draft.setVersion();
            refused = Set.copyOf(answer.refused());
            long deadline = sentNanos + lease.toNanos();
            draft.set()
                    .forEach((region, epoch) -> {
                        if (!refused.contains(new RegionEpoch(region, epoch))) {
                            renew(new RegionLease(region, epoch, deadline));
                        }
                    });
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Called under the lock. An answer to an earlier heartbeat may come late: it shortens nothing,
    /// and gives nothing that is not wanted any more.
    private void renew(RegionLease lease) {
        if (!lease.epoch().equals(wanted.get(lease.region()))) {
            return;
        }
        var now = held.get(lease.region());
        if (now == null
                || !now.epoch().equals(lease.epoch())
                || lease.deadlineNanos() - now.deadlineNanos() > 0) {
            held.put(lease.region(), lease);
        }
    }

    /// Another metasrv is on the other side, or the same one after a break. What was said to be
    /// final may have been heard by a leader that is gone and that did nothing about it, so all of
    /// it is said again: otherwise a region whose leader gave it up would be nobody's for ever.
    void newSession() {
        lock.lock();
        try {
            finished.forEach((region, epoch) -> finals.add(new RegionEpoch(region, epoch)));
            forgetConfirmed();
        } finally {
            lock.unlock();
        }
    }

    /// This node leads nothing any more, whatever it may still be told or be at.
    public void leave() {
        lock.lock();
        try {
            left = true;
            wanted.clear();
            held.clear();
            version++;
        } finally {
            lock.unlock();
        }
    }

    /// The metasrv on the other side knows nothing of this table: start from version 0.
    void forgetConfirmed() {
        lock.lock();
        try {
            confirmed = Map.of();
            confirmedVersion = 0;
            version++;
        } finally {
            lock.unlock();
        }
    }
}
