package terrane.sim.log;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.engine.wal.Wal;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads one partition for one process.
final class SimReader implements Wal.Reader {
    private static final Duration AGAIN_AFTER = Duration.ofMillis(50);

    private final SimBroker broker;
    private final SimPartition partition;
    private final SimProcess process;
    private WalOffset position;
    private @Nullable WalOffset knownEnd;
    private @Nullable Cell polling;
    private boolean woken;
    private boolean closed;

    SimReader(SimBroker broker, SimPartition partition, SimProcess process, WalOffset from) {
        this.broker = broker;
        this.partition = partition;
        this.process = process;
        this.position = from;
    }

    @Override
    public List<Wal.Entry> poll(Duration atMost) {
        long deadline = process.clock().nanosAfter(atMost);
        try {
            while (true) {
                refuseIfClosed();
                var asked = position;
                process.clock().sleep(Duration.ofNanos(broker.delayNanos()));
                refuseIfClosed();
                var entries = fetch();
                if (woken || !entries.isEmpty() || process.clock().passed(deadline)) {
                    woken = false;
                    return asked.equals(position) ? taken(entries) : List.of();
                }
                awaitMore(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TerraneException.Unavailable(
                    ErrorCode.SHUTTING_DOWN, "interrupted", Duration.ZERO, e);
        }
    }

    private List<Wal.Entry> fetch() {
        if (!broker.hears(process) || !broker.answers(process)) {
            return List.of();
        }
        if (position.value() < partition.floor() || partition.end().isBelow(position)) {
            throw new TerraneException.Corrupt(
                    ErrorCode.WAL_PRUNED, "the log does not have offset " + position, null);
        }
        knownEnd = partition.end();
        return partition.read(position.value());
    }

    private List<Wal.Entry> taken(List<Wal.Entry> entries) {
        if (!entries.isEmpty()) {
            position = entries.getLast().offset().next();
        }
        return entries;
    }

    private void awaitMore(long deadline) throws InterruptedException {
        var cell = new Cell();
        polling = cell;
        var atMost = process.clock().until(deadline);
        if (broker.hears(process) && broker.answers(process)) {
            partition.wakeWhenGrown(cell);
        } else if (atMost.compareTo(AGAIN_AFTER) > 0) {
            atMost = AGAIN_AFTER;
        }
        process.clock().await(cell, atMost);
        polling = null;
    }

    private void refuseIfClosed() {
        if (closed) {
            throw TerraneException.unavailable(ErrorCode.WAL_UNAVAILABLE, "reader is closed");
        }
    }

    @Override
    public void seek(WalOffset offset) {
        refuseIfClosed();
        position = offset;
    }

    @Override
    public WalOffset position() {
        return position;
    }

    @Override
    public Optional<WalOffset> lastKnownEnd() {
        return Optional.ofNullable(knownEnd);
    }

    @Override
    public void wakeup() {
        woken = true;
        var waiting = polling;
        if (waiting != null) {
            waiting.wake();
        }
    }

    @Override
    public void close() {
        closed = true;
        wakeup();
    }
}
