package terrane.datanode.log;

import org.jspecify.annotations.Nullable;

import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.wal.WalRecordCodec;
import terrane.engine.wal.Wal;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// One reading of a partition, with one consumer, for all regions that are in it. [#step] is called
/// by the pass's own thread; everything else by anybody who holds the lock.
///
/// Until it has been at the log's end for the first time it *replays*: whoever joins it then and
/// wants older records has it go back, which costs a second reading of what was read until then,
/// but no second pass over the rest. Everybody in it passes over what it has had.
final class Pass {
    private static final System.Logger LOG = System.getLogger(Pass.class.getName());
    private static final Duration POLL = Duration.ofSeconds(1);

    /// Each costs at most what was read before it, so a replay reads a partition at most four times
    /// however often regions come and go; those that come later wait for the next pass.
    private static final int REWINDS_MAX = 3;

    /// Another answer of the log may be whole, so it is asked that often before anybody is told.
    private static final int DAMAGED_MAX = 3;

    private final LogReading reading;
    private final WalPartition partition;
    private final ReentrantLock lock;

    /// At most as many as the node has regions on the partition.
    private final Map<RegionId, Subscription> members = new HashMap<>();

    private WalOffset damagedAt = WalOffset.ZERO;
    private int damages;

    private WalOffset position = WalOffset.ZERO;

    /// The reader is not where `position` says.
    private boolean astray = true;

    private boolean begun;
    private boolean replaying = true;
    private int rewinds;
    private Wal.@Nullable Reader reader;

    Pass(LogReading reading, WalPartition partition, ReentrantLock lock) {
        this.reading = reading;
        this.partition = partition;
        this.lock = lock;
    }

    // ------------------------------------------------------------ under the lock

    boolean isEmpty() {
        return members.isEmpty();
    }

    boolean replaying() {
        return replaying;
    }

    WalOffset position() {
        return position;
    }

    List<Subscription> members() {
        return List.copyOf(members.values());
    }

    /// Whether there is something to do that was not begun.
    boolean isNew() {
        return !begun && !members.isEmpty();
    }

    /// From here on who comes for older records makes it go back.
    void begin() {
        begun = true;
    }

    /// Takes the region in, if it can have everything that it wants from this pass.
    boolean take(Subscription subscription) {
        if (members.isEmpty()) {
            begun = false;
            replaying = true;
            rewinds = 0;
            moveTo(subscription.next());
        } else if (subscription.next().isBelow(position)) {
            if (begun && (!replaying || rewinds == REWINDS_MAX)) {
                return false;
            }
            rewinds += begun ? 1 : 0;
            moveTo(subscription.next());
        }
        members.put(subscription.region(), subscription);
        return true;
    }

    /// Takes in who comes from another pass that has read as far as this one.
    boolean takeAll(Pass other) {
        if (!members.isEmpty() && other.position.isBelow(position)) {
            return false;
        }
        if (members.isEmpty()) {
            begun = true;
            replaying = other.replaying;
            moveTo(other.position);
        }
        members.putAll(other.members);
        other.members.clear();
        return true;
    }

    void forget(Subscription subscription) {
        members.remove(subscription.region(), subscription);
    }

    private void moveTo(WalOffset offset) {
        position = offset;
        astray = true;
        wakeUp();
    }

    /// Ends a poll that waits for more.
    void wakeUp() {
        if (reader != null) {
            reader.wakeup();
        }
    }

    // ------------------------------------------------------------ the pass's own thread

    /// Reads once and passes on; blocks for a moment where there is nothing.
    void step() throws InterruptedException {
        var source = openReader();
        var entries = source.poll(POLL);
        reading.meter().read(bytes(entries));
        var end = source.lastKnownEnd();
        Map<RegionId, Subscription> now;
        lock.lock();
        try {
            if (astray) {
                return; // these records are from where nobody reads any more
            }
            position = source.position();
            replaying &= end.isEmpty() || position.isBelow(end.get());
            now = Map.copyOf(members);
        } finally {
            lock.unlock();
        }
        for (var entry : entries) {
            deliver(entry, now);
        }
        for (var subscription : now.values()) {
            subscription.reached(source.position(), end);
        }
    }

    private void deliver(Wal.Entry entry, Map<RegionId, Subscription> to)
            throws InterruptedException {
        var owner = WalRecordCodec.ownerOf(entry.record(), reading.cluster());
        if (owner.isEmpty()) {
            reading.meter().foreign();
            LOG.log(
                    Level.WARNING,
                    "no node of this cluster wrote this record: partition={0} offset={1} bytes={2}",
                    partition,
                    entry.offset(),
                    entry.record().length);
            return;
        }
        var subscription = to.get(owner.get());
        if (subscription != null) {
            subscription.deliver(entry);
        }
    }

    private static long bytes(List<Wal.Entry> entries) {
        long bytes = 0;
        for (var entry : entries) {
            bytes += entry.record().length;
        }
        return bytes;
    }

    private Wal.Reader openReader() {
        var source = reader;
        if (source == null) {
            source = reading.wal().reader(partition, firstPosition());
        }
        lock.lock();
        try {
            reader = source;
            if (astray) { // also if somebody came while it was opened
                source.seek(position);
                astray = false;
            }
            return source;
        } finally {
            lock.unlock();
        }
    }

    private WalOffset firstPosition() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    /// The log does not have what was asked for. That is the end for those who wanted it; the
    /// others go on.
    void fail(TerraneException cause) {
        dropReader();
        var behind = new ArrayList<Subscription>();
        lock.lock();
        try {
            for (var member : members.values()) {
                if (!position.isBelow(member.next())) {
                    behind.add(member);
                }
            }
            if (behind.isEmpty()) {
                behind.addAll(members.values());
            }
            behind.forEach(this::forget);
            members.values().stream()
                    .map(Subscription::next)
                    .min(WalOffset::compareTo)
                    .ifPresent(this::moveTo);
        } finally {
            lock.unlock();
        }
        behind.forEach(member -> member.fail(cause));
    }

    /// What the log answers contradicts its own checksum. The next answer is another reader's.
    void damaged(TerraneException cause) {
        dropReader();
        reading.meter().damaged();
        List<Subscription> waiting;
        WalOffset at;
        lock.lock();
        try {
            at = position;
            waiting = members();
        } finally {
            lock.unlock();
        }
        damages = at.equals(damagedAt) ? damages + 1 : 1;
        damagedAt = at;
        if (damages == DAMAGED_MAX) {
            LOG.log(
                    Level.ERROR,
                    "the log is damaged, and is asked again until it is not: {0}",
                    cause.text());
        }
        if (damages >= DAMAGED_MAX) {
            waiting.forEach(member -> member.stalled(at, cause));
        }
    }

    void dropReader() {
        Wal.@Nullable Reader source;
        lock.lock();
        try {
            source = reader;
            reader = null;
            astray = true;
        } finally {
            lock.unlock();
        }
        if (source != null) {
            source.close();
        }
    }
}
