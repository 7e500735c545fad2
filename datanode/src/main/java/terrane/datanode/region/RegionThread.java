package terrane.datanode.region;

import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.core.wal.WalRecordCodec;
import terrane.datanode.log.TailSink;
import terrane.engine.wal.Wal;
import terrane.wire.metasrv.NodeRequest.Unreadable;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/// The one virtual thread that applies a copy's records and decides its appends, in the order of
/// the events that it is told.
final class RegionThread implements TailSink {
    private static final System.Logger LOG = System.getLogger(RegionThread.class.getName());

    /// 16 MiB of records that were read and are not applied: a few of the largest, and enough of
    /// small ones that the tail never waits for a healthy region. Counted in KiB.
    private static final int READ_KIB_MAX = 16 << 10;

    private final RegionCopy copy;
    private final RegionId region;

    /// Unbounded, for producers' callbacks must not wait; what they put in is bounded by the
    /// producer's bytes in flight, what the tail puts in by `room`.
    private final LinkedBlockingQueue<RegionEvent> events = new LinkedBlockingQueue<>();

    private final Semaphore room = new Semaphore(READ_KIB_MAX);
    private final Clock clock;
    private volatile boolean ended;
    private final LongAdder busyNanos = new LongAdder();
    private final LongAdder readCount = new LongAdder();

    RegionThread(RegionCopy copy, RegionId region, Clock clock) {
        this.copy = copy;
        this.region = region;
        this.clock = clock;
    }

    /// How many records a second this thread applies when it has any; 0 before the first.
    long readPerSecond() {
        long busy = busyNanos.sum();
        return busy == 0 ? 0 : (long) (readCount.sum() * 1e9 / busy);
    }

    void start() {
        Threads.virtual("region-" + region, this::run);
    }

    void tell(RegionEvent event) {
        events.add(event);
    }

    private void run() {
        try {
            while (!ended) {
                var event = events.take();
                ended = event instanceof RegionEvent.Closed;
                if (event instanceof RegionEvent.Read read) {
                    apply(read);
                } else {
                    copy.on(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a copy cannot go on: region=" + region, e);
            copy.stop("the copy cannot go on: " + e.getMessage());
        } finally {
            ended = true;
            copy.stop("its thread has ended"); // also after an error: nothing is decided any more
            room.release(READ_KIB_MAX); // a tail that waits for room must not wait for ever
            copy.ended();
        }
    }

    private void apply(RegionEvent.Read read) {
        long began = clock.nanos();
        try {
            if (!isGivenUp(read.entry().offset())) {
                copy.on(read);
            }
        } catch (TerraneException.Corrupt e) {
            var poison = unreadable(read.entry().offset(), e);
            poisoned(read.entry(), poison.text());
            throw poison;
        }
        busyNanos.add(clock.nanos() - began);
        readCount.increment();
        room.release(kib(read.entry()));
    }

    /// It may have been acknowledged, so nobody may pass over it: the region stops here.
    private TerraneException.Corrupt unreadable(WalOffset offset, TerraneException.Corrupt cause) {
        return new TerraneException.Corrupt(
                cause.code(),
                "a record of the log cannot be read: region=%s partition=%s offset=%s: %s"
                        .formatted(region, copy.identity().wal(), offset, cause.text()),
                cause);
    }

    private void poisoned(Wal.Entry entry, String reason) {
        boolean rows = WalRecordCodec.isRows(entry.record());
        var wal = copy.identity().wal();
        copy.cell().poisoned(entry.offset(), rows, reason);
        copy.poisons().add(new Unreadable(region, wal, entry.offset(), rows, reason));
    }

    private boolean isGivenUp(WalOffset offset) {
        boolean givenUp = copy.replica().manifest().skipped().contains(offset);
        if (givenUp) {
            copy.poisons().skipped();
            LOG.log(
                    Level.WARNING,
                    "passes over a record that was given up: region={0} partition={1} offset={2}",
                    region,
                    copy.identity().wal(),
                    offset);
        }
        return givenUp;
    }

    private static int kib(Wal.Entry entry) {
        return Math.min(1 + (entry.record().length >> 10), READ_KIB_MAX);
    }

    @Override
    public void record(Wal.Entry entry) throws InterruptedException {
        room.acquire(kib(entry));
        if (!ended) {
            events.add(new RegionEvent.Read(entry));
        }
    }

    @Override
    public void reached(WalOffset position, Optional<WalOffset> end) {
        if (!ended) {
            events.add(new RegionEvent.Reached(position, end));
        }
    }

    @Override
    public void stalled(WalOffset at, TerraneException cause) {
        var wal = copy.identity().wal();
        copy.poisons().stalled(new Unreadable(region, wal, at, false, cause.text()));
    }

    @Override
    public void failed(TerraneException cause) {
        events.add(new RegionEvent.TailFailed(cause));
    }
}
