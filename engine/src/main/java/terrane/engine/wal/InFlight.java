package terrane.engine.wal;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes that were handed over and whose outcome is not known yet, within a bound.
final class InFlight {
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();

    InFlight(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// @return false, and nothing was taken, if it would be more than the bound
    boolean take(long count) {
        if (bytes.addAndGet(count) > bytesMax) {
            bytes.addAndGet(-count);
            return false;
        }
        return true;
    }

    void giveBack(long count) {
        bytes.addAndGet(-count);
    }
}
