package terrane.datanode.log;

import terrane.core.WalPartition;
import terrane.core.time.Clock;
import terrane.core.time.PlatformThreads;
import terrane.engine.wal.Wal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The node's tails, one for each WAL partition that anything was ever read from.
public final class PartitionTails implements AutoCloseable {
    private final Wal wal;
    private final Clock clock;
    private final PlatformThreads threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<WalPartition, PartitionTail> tails = new HashMap<>();

    public PartitionTails(Wal wal, Clock clock, PlatformThreads threads) {
        this.wal = wal;
        this.clock = clock;
        this.threads = threads;
    }

    public PartitionTail tail(WalPartition partition) {
        lock.lock();
        try {
            return tails.computeIfAbsent(partition, p -> new PartitionTail(wal, p, clock, threads));
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
