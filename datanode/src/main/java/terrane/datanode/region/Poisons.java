package terrane.datanode.region;

import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.wire.metasrv.NodeRequest.Unreadable;

import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// The places in the log beyond which copies on this node cannot go, because a record cannot be
/// read or the log is damaged there: remembered beyond those copies, so that the metasrv hears of a
/// follower or a target that stopped before the region needs one. Forgotten once a copy here has
/// got past them.
final class Poisons {
    private static final System.Logger LOG = System.getLogger(Poisons.class.getName());

    /// Each goes with every heartbeat: 100 of some 300 bytes are 30 KB. Of more the oldest is
    /// forgotten until its region is opened here again.
    static final int POISONS_MAX = 100;

    /// Guarded by this.
    private final LinkedHashMap<RegionId, Unreadable> found = new LinkedHashMap<>();

    /// Lets the many who have nothing to forget pass without waiting for anybody.
    private volatile boolean empty = true;

    private final LongAdder foundCount = new LongAdder();
    private final LongAdder skippedCount = new LongAdder();

    /// A copy on this node has stopped at this.
    synchronized void add(Unreadable record) {
        if (remember(record)) {
            foundCount.increment();
            LOG.log(
                    Level.ERROR,
                    "a copy has stopped at a record that cannot be read: region={0} partition={1}"
                            + " offset={2}; see /admin/quarantine of the metasrv leader",
                    record.region(),
                    record.wal(),
                    record.offset());
        }
    }

    /// A copy on this node cannot read on, by no record's fault: the log is damaged there.
    synchronized void stalled(Unreadable at) {
        remember(at);
    }

    /// @return whether it is news
    private boolean remember(Unreadable record) {
        var before = found.remove(record.region());
        found.putLast(record.region(), record);
        empty = false;
        if (found.size() > POISONS_MAX) {
            found.pollFirstEntry();
        }
        return before == null || !before.offset().equals(record.offset());
    }

    /// A copy of the region on this node has read everything below `offset`.
    void passed(RegionId region, WalOffset offset) {
        if (!empty) {
            forget(region, offset);
        }
    }

    private synchronized void forget(RegionId region, WalOffset below) {
        var at = found.get(region);
        if (at != null && at.offset().isBelow(below)) {
            found.remove(region);
            empty = found.isEmpty();
        }
    }

    /// A copy has passed over a record that was given up.
    void skipped() {
        skippedCount.increment();
    }

    synchronized List<Unreadable> all() {
        return List.copyOf(found.values());
    }

    /// Records that copies have stopped at, each counted once until it is passed.
    long foundCount() {
        return foundCount.sum();
    }

    /// Records that were passed over, by each copy that read them.
    long skippedCount() {
        return skippedCount.sum();
    }
}
