package terrane.datanode.log;

import terrane.core.WalPartition;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/// The node's tails, one for each WAL partition that anything was ever read from.
public final class PartitionTails implements AutoCloseable {
    /// A backfill's consumer holds two answers of the log, 32 MiB: 128 MiB at most, and as many
    /// threads. Those above it wait for one to end.
    private static final int BACKFILLS_MAX = 4;

    private final LogReading reading;
    private final Semaphore backfills = new Semaphore(BACKFILLS_MAX);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<WalPartition, PartitionTail> tails = new HashMap<>();

    public PartitionTails(LogReading reading) {
        this.reading = reading;
    }

    public PartitionTail tail(WalPartition partition) {
        lock.lock();
        try {
            return tails.computeIfAbsent(partition, p -> new PartitionTail(reading, p, backfills));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            tails.values().forEach(PartitionTail::close);
        } finally {
            lock.unlock();
        }
    }
}
