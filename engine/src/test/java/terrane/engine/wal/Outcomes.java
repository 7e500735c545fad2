package terrane.engine.wal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Sends numbered records and remembers what was told of them.
final class Outcomes implements Wal.Producer.Outcome {
    private static final long UNKNOWN = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Long> told = new ArrayList<>();
    private int next;

    /// Sends `count` records that carry their numbers, counted from the first of this object.
    void send(Wal.Producer producer, int count) {
        for (int i = 0; i < count; i++) {
            producer.send(ByteBuffer.allocate(100).putInt(next).array(), this);
            next++;
        }
    }

    static int number(byte[] record) {
        return ByteBuffer.wrap(record).getInt();
    }

    @Override
    public void landed(terrane.core.WalOffset offset) {
        tell(offset.value());
    }

    @Override
    public void unknown(Exception cause) {
        tell(UNKNOWN);
    }

    private void tell(long outcome) {
        lock.lock();
        try {
            told.add(outcome);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<Long> all() {
        lock.lock();
        try {
            return List.copyOf(told);
        } finally {
            lock.unlock();
        }
    }

    int told() {
        return all().size();
    }

    List<Long> landed() {
        return all().stream().filter(offset -> offset != UNKNOWN).toList();
    }

    long unknown() {
        return all().stream().filter(offset -> offset == UNKNOWN).count();
    }

    /// Whether nothing landed behind the first record of which nothing is known.
    boolean landedAndThenUnknown() {
        var outcomes = all();
        int first = outcomes.indexOf(UNKNOWN);
        return first < 0
                || outcomes.subList(first, outcomes.size()).stream().allMatch(o -> o == UNKNOWN);
    }

    /// Waits without a bound of its own: a simulated log has another clock than the test.
    void awaitTold(int count) throws InterruptedException {
        lock.lock();
        try {
            while (told.size() < count) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }
}
