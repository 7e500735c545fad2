package terrane.datanode.log;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Clock;
import terrane.core.time.SystemClock;
import terrane.core.time.Threads;
import terrane.engine.wal.Wal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// A log of one partition in memory. Appends land at once and in order; a test may hold back
/// acknowledgements, or make an append's outcome unknown whether it lands or not.
public final class MemoryWal implements Wal {
    private final Clock clock = new SystemClock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<byte[]> records = new ArrayList<>();
    private final List<Runnable> heldBack = new ArrayList<>();
    private boolean holdsBack;
    private Predicate<byte[]> lost = record -> false;
    private int unanswered;
    private int readableEnd = Integer.MAX_VALUE;
    private boolean damaged;
    private Optional<WalOffset> garbled = Optional.empty();
    private WalOffset start = WalOffset.ZERO;

    /// Acknowledgements wait until [#release].
    public void holdBack() {
        lock.lock();
        try {
            holdsBack = true;
        } finally {
            lock.unlock();
        }
    }

    public void release() {
        List<Runnable> due;
        lock.lock();
        try {
            holdsBack = false;
            due = List.copyOf(heldBack);
            heldBack.clear();
        } finally {
            lock.unlock();
        }
        due.forEach(Runnable::run);
    }

    /// Appends of which this is true land, and nobody learns it.
    public void loseAcknowledgement(Predicate<byte[]> ofRecord) {
        lock.lock();
        try {
            lost = ofRecord;
        } finally {
            lock.unlock();
        }
    }

    /// So many polls from now on find no broker.
    public void doNotAnswer(int polls) {
        lock.lock();
        try {
            unanswered = polls;
        } finally {
            lock.unlock();
        }
    }

    /// Readers find nothing of what is appended from now on, until [#showAll].
    public void hideWhatComes() {
        lock.lock();
        try {
            readableEnd = records.size();
        } finally {
            lock.unlock();
        }
    }

    public void showAll() {
        lock.lock();
        try {
            readableEnd = Integer.MAX_VALUE;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The next poll finds that the log does not have what is asked for.
    public void damage() {
        lock.lock();
        try {
            damaged = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// What lies there contradicts its checksum, until [#mend]; and after that for readers that
    /// have seen it.
    public void garble(WalOffset at) {
        lock.lock();
        try {
            garbled = Optional.of(at);
        } finally {
            lock.unlock();
        }
    }

    public void mend() {
        lock.lock();
        try {
            garbled = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// What lies below is gone.
    public void prune(WalOffset below) {
        lock.lock();
        try {
            start = below;
        } finally {
            lock.unlock();
        }
    }

    public WalOffset append(byte[] record) {
        lock.lock();
        try {
            records.add(record);
            grown.signalAll();
            return new WalOffset(records.size() - 1L);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Producer producer(WalPartition partition) {
        return new Producer() {
            private boolean failed;

            @Override
            public void send(byte[] record, Outcome outcome) {
                lock.lock();
                try {
                    var offset = append(record);
                    boolean unknown = failed || lost.test(record);
                    failed |= unknown;
                    Runnable told =
                            unknown
                                    ? () -> outcome.unknown(new IllegalStateException("lost"))
                                    : () -> outcome.landed(offset);
                    if (holdsBack) {
                        heldBack.add(told);
                    } else {
                        told.run();
                    }
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void close() {
                lock.lock();
                try {
                    failed = true;
                } finally {
                    lock.unlock();
                }
            }
        };
    }

    @Override
    public Reader reader(WalPartition partition, WalOffset from) {
        return new MemoryReader(from);
    }

    @Override
    public WalOffset end(WalPartition partition) {
        lock.lock();
        try {
            return new WalOffset(records.size());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String topicId(String topic) {
        return "topic-1";
    }

    @Override
    public void close() {}

    private final class MemoryReader implements Reader {
        /// Small, so that tails and backfills take many polls.
        private static final int ENTRIES_MAX = 7;

        private WalOffset next;
        private boolean woken;
        private boolean seesGarble;

        MemoryReader(WalOffset from) {
            next = from;
        }

        @Override
        public List<Entry> poll(Duration atMost) {
            long deadline = clock.nanosAfter(atMost);
            lock.lock();
            try {
                if (unanswered > 0) {
                    unanswered--;
                    throw TerraneException.unavailable(ErrorCode.WAL_UNAVAILABLE, "no broker");
                }
                if (next.isBelow(start)) {
                    throw TerraneException.corrupt(ErrorCode.WAL_PRUNED, "gone: %s", next);
                }
                seesGarble |= garbled.equals(Optional.of(next));
                if (seesGarble) {
                    throw TerraneException.unavailable(
                            ErrorCode.WAL_DAMAGED, "bad checksum: position=%s", next);
                }
                while (next.value() >= readable()
                        && !woken
                        && !damaged
                        && !clock.passed(deadline)) {
                    clock.await(grown, clock.until(deadline));
                }
                if (damaged) {
                    throw TerraneException.corrupt(ErrorCode.WAL_PRUNED, "damaged");
                }
                woken = false;
                var entries = new ArrayList<Entry>();
                int end = readable();
                while (next.value() < end && entries.size() < ENTRIES_MAX) {
                    entries.add(new Entry(next, records.get((int) next.value())));
                    next = next.next();
                }
                return entries;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            } finally {
                lock.unlock();
            }
        }

        private int readable() {
            int whole = Math.min(records.size(), readableEnd);
            return garbled.isEmpty() || next.compareTo(garbled.get()) >= 0
                    ? whole
                    : Math.min(whole, (int) garbled.get().value());
        }

        @Override
        public void seek(WalOffset offset) {
            next = offset;
        }

        @Override
        public WalOffset position() {
            return next;
        }

        @Override
        public Optional<WalOffset> lastKnownEnd() {
            return Optional.of(end(new WalPartition("", 0)));
        }

        @Override
        public void wakeup() {
            lock.lock();
            try {
                woken = true;
                grown.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {}
    }

    /// Starts `body` on a thread of its own; for tests that do two things at once.
    public static Thread meanwhile(Runnable body) {
        return Threads.virtual("meanwhile", body);
    }
}
