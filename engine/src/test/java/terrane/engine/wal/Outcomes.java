package terrane.engine.wal;

import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Sends numbered records and remembers what was told of them.
final class Outcomes implements Wal.Producer.Outcome {
    private static final long UNKNOWN = -1;

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
    public synchronized void landed(terrane.core.WalOffset offset) {
        told.add(offset.value());
    }

    @Override
    public synchronized void unknown(Exception cause) {
        told.add(UNKNOWN);
    }

    synchronized int told() {
        return told.size();
    }

    synchronized List<Long> landed() {
        return told.stream().filter(offset -> offset != UNKNOWN).toList();
    }

    synchronized long unknown() {
        return told.stream().filter(offset -> offset == UNKNOWN).count();
    }

    /// Whether nothing landed behind the first record of which nothing is known.
    synchronized boolean landedAndThenUnknown() {
        int first = told.indexOf(UNKNOWN);
        return first < 0 || told.subList(first, told.size()).stream().allMatch(o -> o == UNKNOWN);
    }

    void awaitTold(int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> told() >= count);
    }
}
