package terrane.datanode.log;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/*
 * How a region joins without a gap and without a repetition, and how many come with one pass.
 *
 * (1) A pass polls records [p, q). Under the lock it copies the set of its members and moves
 *     `position` from p to q; then it passes the records on to that copy, outside the lock.
 * (2) Who wants to start at or above `position` is entered into the set. Records from there on are
 *     polled later than that, so by (1) they reach it. Nothing is missed, and as a subscription
 *     passes over what lies below its own `next`, nothing is repeated.
 * (3) Who wants to start below `position` of a pass that replays makes it go back there. Regions
 *     that are claimed together are announced together, and a pass does not begin before they have
 *     said what they want; so usually none has to.
 * (4) The tail, once it has been at the log's end, goes back for nobody. Who wants older records
 *     gets them from a second pass, the backfill, which after each poll looks, under the lock,
 *     whether it has come up to the tail's `position`: that is the exact offset at which all its
 *     members become the tail's, by (2). Both run to the log's end, so they meet when either waits
 *     there; under load they meet because the tail is slowed by its slowest region.
 * (5) There is one backfill for each partition at a time. Who can join neither waits for the next.
 */

/// Reads one WAL partition for all regions of this node that follow on it or are replayed from it,
/// with one consumer, and for a moment two; regions that lead are subscribed only if they read back
/// what they append. Starts with the first subscriber, sleeps without any.
public final class PartitionTail implements AutoCloseable {
    /// A log that does not answer is asked again after this.
    private static final Duration RETRY = Duration.ofMillis(100);

    /// How long a pass waits for those that are announced. A claim takes a heartbeat, a manifest
    /// version and an append, some ten milliseconds each; one whose storage is slow must not hold
    /// up the others for long.
    private static final Duration GATHER_MAX = Duration.ofMillis(500);

    private final LogReading reading;
    private final WalPartition partition;
    private final Semaphore backfills;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Pass tail;

    /// At most one for each region that the node has on the partition.
    private final Map<RegionId, Subscription> waiting = new LinkedHashMap<>();

    private @Nullable Pass backfill;
    private int announced;
    private boolean running;
    private boolean closed;

    /// @param backfills one permit for each that may run on this node at a time
    PartitionTail(LogReading reading, WalPartition partition, Semaphore backfills) {
        this.reading = reading;
        this.partition = partition;
        this.backfills = backfills;
        this.tail = new Pass(reading, partition, lock);
    }

    /// Says that a region is about to subscribe. What has not begun to read waits for it.
    public Announcement announce() {
        lock.lock();
        try {
            announced++;
        } finally {
            lock.unlock();
        }
        return new Announcement();
    }

    /// Close it when the region has subscribed, or will not.
    public final class Announcement implements AutoCloseable {
        private boolean over;

        private Announcement() {}

        @Override
        public void close() {
            lock.lock();
            try {
                announced -= over ? 0 : 1;
                over = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Passes on every record of `region` from `from` on. A region has one subscription at a time;
    /// a new one ends the one before.
    public Subscription subscribe(RegionId region, WalOffset from, TailSink sink) {
        var subscription = new Subscription(this, region, from, sink);
        lock.lock();
        try {
            subscriptions().stream()
                    .filter(other -> other.region().equals(region))
                    .forEach(Subscription::end);
            if (!closed) {
                place(subscription);
            }
        } finally {
            lock.unlock();
        }
        return subscription;
    }

    // ------------------------------------------------------------ under the lock

    private List<Subscription> subscriptions() {
        var all = new ArrayList<>(tail.members());
        if (backfill != null) {
            all.addAll(backfill.members());
        }
        all.addAll(waiting.values());
        return all;
    }

    private void place(Subscription subscription) {
        if (tail.take(subscription)) {
            start();
        } else if (tail.replaying()) {
            waiting.put(subscription.region(), subscription);
        } else if (backfill == null) {
            var pass = new Pass(reading, partition, lock);
            pass.take(subscription);
            backfill = pass;
            reading.threads().start("backfill-" + partition, () -> backfill(pass));
        } else if (!backfill.take(subscription)) {
            waiting.put(subscription.region(), subscription);
        }
        changed.signalAll();
    }

    private void start() {
        if (!running) {
            running = true;
            reading.threads().start("tail-" + partition, this::run);
        }
    }

    private void placeWaiting() {
        var again = List.copyOf(waiting.values());
        waiting.clear();
        again.stream().filter(one -> !one.isOver()).forEach(this::place);
    }

    private void gather() throws InterruptedException {
        var clock = reading.clock();
        long deadline = clock.nanosAfter(GATHER_MAX);
        while (announced > 0 && !closed && !clock.passed(deadline)) {
            clock.await(changed, clock.until(deadline));
        }
    }

    // ------------------------------------------------------------ the tail's thread

    private void run() {
        try {
            while (awaitMember()) {
                step(tail);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            tail.dropReader();
        }
    }

    /// @return false if this tail is closed
    private boolean awaitMember() throws InterruptedException {
        lock.lock();
        try {
            if (!waiting.isEmpty() && !tail.replaying() && backfill == null) {
                placeWaiting();
            }
            while (tail.isEmpty() && !closed) {
                placeWaiting();
                if (tail.isEmpty()) {
                    changed.await();
                }
            }
            if (tail.isNew()) {
                gather();
                tail.begin();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void step(Pass pass) throws InterruptedException {
        try {
            pass.step();
        } catch (TerraneException.Unavailable e) {
            if (e.code() == ErrorCode.WAL_DAMAGED) {
                pass.damaged(e);
                reading.clock().sleep(e.retryAfter());
            } else {
                reading.clock().sleep(RETRY);
            }
        } catch (TerraneException e) {
            pass.fail(e);
        } catch (RuntimeException e) {
            pass.fail(broken(e));
        }
    }

    /// What nobody expected must be told like a damaged log: a region that hears nothing more would
    /// wait for ever.
    private TerraneException broken(RuntimeException cause) {
        return new TerraneException.Corrupt(
                ErrorCode.INTERNAL, "reading the log failed: partition=" + partition, cause);
    }

    // ------------------------------------------------------------ the backfill's thread

    private void backfill(Pass pass) {
        try {
            backfills.acquire();
            try {
                beginBackfill(pass);
                while (!joined(pass)) {
                    step(pass);
                }
            } finally {
                backfills.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pass.dropReader();
        }
    }

    private void beginBackfill(Pass pass) throws InterruptedException {
        lock.lock();
        try {
            gather();
            pass.begin();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the pass is over: all its members are the tail's now, or have ended.
    private boolean joined(Pass pass) {
        lock.lock();
        try {
            if (!closed && !pass.isEmpty() && !tail.takeAll(pass)) {
                return false;
            }
            backfill = null;
            if (!closed) {
                placeWaiting();
                start();
            }
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Called by a subscription that has ended.
    void forget(Subscription subscription) {
        lock.lock();
        try {
            tail.forget(subscription);
            if (backfill != null) {
                backfill.forget(subscription);
            }
            waiting.remove(subscription.region(), subscription);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// How many passes there are now, the tail among them if it has anything to read.
    int passes() {
        lock.lock();
        try {
            return (tail.isEmpty() ? 0 : 1) + (backfill == null ? 0 : 1);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            subscriptions().forEach(Subscription::end);
            tail.wakeUp();
            Optional.ofNullable(backfill).ifPresent(Pass::wakeUp);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
