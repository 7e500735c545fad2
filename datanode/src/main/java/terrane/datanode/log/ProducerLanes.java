package terrane.datanode.log;

import terrane.core.WalPartition;
import terrane.engine.wal.Wal;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The node's producers: one for each WAL partition that it leads regions on, or is about to.
public final class ProducerLanes implements AutoCloseable {
    private final Wal wal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<WalPartition, ProducerLane> lanes = new HashMap<>();

    public ProducerLanes(Wal wal) {
        this.wal = wal;
    }

    /// The partition's lane; a new one if there was none or it has failed.
    public ProducerLane lane(WalPartition partition) {
        lock.lock();
        try {
            var lane = lanes.get(partition);
            if (lane == null || lane.failed()) {
                lane = new ProducerLane(partition, wal.producer(partition));
                lanes.put(partition, lane);
            }
            return lane;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            lanes.values().forEach(ProducerLane::close);
            lanes.clear();
        } finally {
            lock.unlock();
        }
    }
}
