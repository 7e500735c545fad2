package terrane.datanode.log;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.engine.wal.Wal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// One producer of this node for one WAL partition, until its first failure. A failed append is not
/// an absent append, so after one nothing is known of any region that leads through this lane: all
/// become uncertain, and the next leader on this node gets a new lane.
public final class ProducerLane {
    private final WalPartition partition;
    private final Wal.Producer producer;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Consumer<Exception>> leaders = new ArrayList<>();
    private volatile boolean failed;
    private volatile boolean used;

    ProducerLane(WalPartition partition, Wal.Producer producer) {
        this.partition = partition;
        this.producer = producer;
    }

    /// Whether anything that was sent through this lane has an unknown outcome.
    public boolean failed() {
        return failed;
    }

    /// Whether anything was ever sent through this lane, so that its connection and its code are
    /// there.
    public boolean used() {
        return used;
    }

    /// Has `uncertain` called once if this lane fails; at once if it has already failed.
    ///
    /// @return ends the subscription
    public Runnable attach(Consumer<Exception> uncertain) {
        lock.lock();
        try {
            if (!failed) {
                leaders.add(uncertain);
                return () -> detach(uncertain);
            }
        } finally {
            lock.unlock();
        }
        uncertain.accept(unusable());
        return () -> {};
    }

    private void detach(Consumer<Exception> uncertain) {
        lock.lock();
        try {
            leaders.remove(uncertain);
        } finally {
            lock.unlock();
        }
    }

    /// Hands a record over; outcomes come in order, on the producer's thread.
    ///
    /// @throws TerraneException.Unavailable if nothing was sent
    public void send(byte[] record, Wal.Producer.Outcome outcome) {
        if (failed) {
            throw unusable();
        }
        used = true;
        producer.send(record, new Watched(outcome));
    }

    private TerraneException.Unavailable unusable() {
        return TerraneException.unavailable(
                ErrorCode.WAL_UNAVAILABLE,
                "an earlier append has an unknown outcome: partition=%s",
                partition);
    }

    void close() {
        producer.close();
    }

    private void fail(Exception cause) {
        List<Consumer<Exception>> told;
        lock.lock();
        try {
            if (failed) {
                return;
            }
            failed = true;
            told = List.copyOf(leaders);
            leaders.clear();
        } finally {
            lock.unlock();
        }
        told.forEach(leader -> leader.accept(cause));
        producer.close();
    }

    private final class Watched implements Wal.Producer.Outcome {
        private final Wal.Producer.Outcome outcome;

        Watched(Wal.Producer.Outcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void landed(WalOffset offset) {
            outcome.landed(offset);
        }

        @Override
        public void unknown(Exception cause) {
            fail(cause);
            outcome.unknown(cause);
        }
    }
}
