package terrane.datanode.log;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.core.wal.WalRecordCodec;
import terrane.engine.wal.Wal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/*
 * How a region joins a running tail without a gap and without a repetition.
 *
 * (1) The tail polls records [p, q). Under the lock it copies the set of subscribers and moves
 *     `position` from p to q; then it passes the records on to that copy, outside the lock.
 * (2) Who wants to start below `position` reads by itself ("backfill"), and after each poll looks,
 *     under the lock, whether its own position b has come up to `position`. If so it is entered
 *     into the set with "from b". Records at or above `position` are polled later than that, so
 *     by (1) they reach it; records below b are skipped by it. Nothing is missed or repeated.
 * (3) Backfill and tail both run to the log's end, so b meets `position` as soon as either of
 *     them waits there; under load they meet because the backfill reads one region's share of
 *     deliveries and the tail's are slowed by its slowest subscriber.
 */

/// Reads one WAL partition for all regions of this node that follow on it or are replayed from it,
/// with one consumer; regions that lead are subscribed only if they read back what they append.
/// Starts with the first subscriber, sleeps without any.
public final class PartitionTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);

    /// A log that does not answer is asked again after this.
    private static final Duration RETRY = Duration.ofMillis(100);

    private final Wal wal;
    private final WalPartition partition;
    private final Clock clock;
    private final PlatformThreads threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<RegionId, Subscription> subscribers = new ConcurrentHashMap<>();
    private WalOffset position = WalOffset.ZERO;
    private @Nullable WalOffset seekTo;
    private Wal.@Nullable Reader reader;
    private boolean running;
    private boolean closed;

    public PartitionTail(Wal wal, WalPartition partition, Clock clock, PlatformThreads threads) {
        this.wal = wal;
        this.partition = partition;
        this.clock = clock;
        this.threads = threads;
    }

    /// Passes on every record of `region` from `from` on. A region has one subscription at a time;
    /// a new one ends the one before.
    public Subscription subscribe(RegionId region, WalOffset from, TailSink sink) {
        var subscription = new Subscription(region, from, sink);
        lock.lock();
        try {
            var before = subscribers.remove(region);
            if (before != null) {
                before.ended = true;
            }
            if (subscribers.isEmpty()) {
                position = from;
                seekTo = from;
            }
            if (joins(subscription)) {
                start();
            } else {
                threads.start("backfill-" + region, () -> backfill(subscription));
            }
        } finally {
            lock.unlock();
        }
        return subscription;
    }

    /// Called under the lock: enters the subscription if the tail has not passed it yet.
    private boolean joins(Subscription subscription) {
        if (subscription.next.isBelow(position)) {
            return false;
        }
        if (!subscription.ended) {
            subscribers.put(subscription.region, subscription);
            changed.signalAll();
        }
        return true;
    }

    private void start() {
        if (!running && !closed) {
            running = true;
            threads.start("tail-" + partition, this::run);
        }
    }

    private void run() {
        try {
            while (awaitSubscriber()) {
                try {
                    pollOnce();
                } catch (TerraneException.Unavailable e) {
                    clock.sleep(RETRY);
                } catch (TerraneException e) {
                    failAll(e);
                } catch (RuntimeException e) {
                    failAll(broken(e));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dropReader();
        }
    }

    /// What nobody expected must be told like a damaged log: a region that hears nothing more would
    /// wait for ever.
    private TerraneException broken(RuntimeException cause) {
        return new TerraneException.Corrupt(
                ErrorCode.INTERNAL, "reading the log failed: partition=" + partition, cause);
    }

    /// @return false if this tail is closed
    private boolean awaitSubscriber() throws InterruptedException {
        lock.lock();
        try {
            while (subscribers.isEmpty() && !closed) {
                changed.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void pollOnce() throws InterruptedException {
        var source = openReader();
        var entries = source.poll(POLL);
        Map<RegionId, Subscription> now;
        lock.lock();
        try {
            if (seekTo != null) {
                return; // these records are from where nobody reads any more
            }
            position = source.position();
            now = Map.copyOf(subscribers);
        } finally {
            lock.unlock();
        }
        for (var entry : entries) {
            var subscription = now.get(WalRecordCodec.regionOf(entry.record()));
            if (subscription != null) {
                subscription.deliver(entry);
            }
        }
        for (var subscription : now.values()) {
            subscription.reached(source.position(), source.lastKnownEnd());
        }
    }

    private Wal.Reader openReader() {
        @Nullable WalOffset from;
        lock.lock();
        try {
            from = seekTo;
            seekTo = null;
            if (reader != null && from != null) {
                reader.seek(from);
            }
            if (reader != null) {
                return reader;
            }
            from = position;
        } finally {
            lock.unlock();
        }
        var opened = wal.reader(partition, from);
        lock.lock();
        try {
            reader = opened;
            return opened;
        } finally {
            lock.unlock();
        }
    }

    private void failAll(TerraneException cause) {
        dropReader();
        for (var subscription : List.copyOf(subscribers.values())) {
            subscription.end();
            subscription.sink.failed(cause);
        }
    }

    private void dropReader() {
        Wal.@Nullable Reader source;
        lock.lock();
        try {
            source = reader;
            reader = null;
        } finally {
            lock.unlock();
        }
        if (source != null) {
            source.close();
        }
    }

    private void backfill(Subscription subscription) {
        try {
            while (!readUntilJoined(subscription)) {
                clock.sleep(RETRY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TerraneException e) {
            subscription.sink.failed(e);
        } catch (RuntimeException e) {
            subscription.sink.failed(broken(e));
        }
    }

    /// @return false if the log did not answer; what was passed on until then is not again
    private boolean readUntilJoined(Subscription subscription) throws InterruptedException {
        try (var own = wal.reader(partition, subscription.next)) {
            while (!subscription.ended) {
                deliver(own.poll(POLL), subscription);
                subscription.next = own.position();
                subscription.reached(own.position(), own.lastKnownEnd());
                if (joinsOrIsOver(subscription)) {
                    return true;
                }
            }
            return true;
        } catch (TerraneException.Unavailable e) {
            return isOver(subscription);
        }
    }

    private static void deliver(List<Wal.Entry> entries, Subscription subscription)
            throws InterruptedException {
        for (var entry : entries) {
            if (WalRecordCodec.regionOf(entry.record()).equals(subscription.region)) {
                subscription.deliver(entry);
            }
        }
    }

    private boolean joinsOrIsOver(Subscription subscription) {
        lock.lock();
        try {
            return closed || joins(subscription);
        } finally {
            lock.unlock();
        }
    }

    private boolean isOver(Subscription subscription) {
        lock.lock();
        try {
            return closed || subscription.ended;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            subscribers.values().forEach(subscription -> subscription.ended = true);
            subscribers.clear();
            changed.signalAll();
            if (reader != null) {
                reader.wakeup();
            }
        } finally {
            lock.unlock();
        }
    }

    /// One region's place in the tail.
    public final class Subscription {
        private final RegionId region;
        private final TailSink sink;
        private volatile WalOffset next;
        private volatile boolean ended;

        private Subscription(RegionId region, WalOffset from, TailSink sink) {
            this.region = region;
            this.next = from;
            this.sink = sink;
        }

        private void deliver(Wal.Entry entry) throws InterruptedException {
            if (!ended && !entry.offset().isBelow(next)) {
                sink.record(entry);
            }
        }

        private void reached(WalOffset read, Optional<WalOffset> end) throws InterruptedException {
            if (!ended) {
                sink.reached(WalOffset.max(read, next), end);
            }
        }

        /// Nothing more is passed on, apart from what is being passed on at this moment.
        public void end() {
            lock.lock();
            try {
                ended = true;
                subscribers.remove(region, this);
            } finally {
                lock.unlock();
            }
        }
    }
}
