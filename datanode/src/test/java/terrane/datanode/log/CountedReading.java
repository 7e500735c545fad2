package terrane.datanode.log;

import java.util.concurrent.atomic.AtomicLong;

/// Counts for tests.
public final class CountedReading implements TailMeter {
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong foreign = new AtomicLong();
    final AtomicLong damaged = new AtomicLong();

    @Override
    public void read(long count) {
        bytes.addAndGet(count);
    }

    @Override
    public void foreign() {
        foreign.incrementAndGet();
    }

    @Override
    public void damaged() {
        damaged.incrementAndGet();
    }
}
