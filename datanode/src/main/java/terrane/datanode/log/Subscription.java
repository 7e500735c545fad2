package terrane.datanode.log;

import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.engine.wal.Wal;

import java.util.Optional;

/// One region's place in the reading of a partition. It goes from pass to pass with the region, and
/// knows by itself what the region has had: a pass that goes back repeats nothing to it.
public final class Subscription {
    private final PartitionTail tail;
    private final RegionId region;
    private final TailSink sink;
    private volatile WalOffset next;
    private volatile boolean ended;

    Subscription(PartitionTail tail, RegionId region, WalOffset from, TailSink sink) {
        this.tail = tail;
        this.region = region;
        this.next = from;
        this.sink = sink;
    }

    RegionId region() {
        return region;
    }

    /// The offset of the first record that was not passed on.
    WalOffset next() {
        return next;
    }

    boolean isOver() {
        return ended;
    }

    void deliver(Wal.Entry entry) throws InterruptedException {
        if (!ended && !entry.offset().isBelow(next)) {
            sink.record(entry);
        }
    }

    void reached(WalOffset read, Optional<WalOffset> end) throws InterruptedException {
        next = WalOffset.max(read, next);
        if (!ended) {
            sink.reached(next, end);
        }
    }

    void stalled(WalOffset at, TerraneException cause) {
        if (!ended) {
            sink.stalled(at, cause);
        }
    }

    void fail(TerraneException cause) {
        if (!ended) {
            end();
            sink.failed(cause);
        }
    }

    /// Nothing more is passed on, apart from what is being passed on at this moment.
    public void end() {
        ended = true;
        tail.forget(this);
    }
}
