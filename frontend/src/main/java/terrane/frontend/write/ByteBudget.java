package terrane.frontend.write;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// How many bytes may be held at once; what does not fit is refused, never queued.
public final class ByteBudget {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String holder;
    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    /// @param holder for messages: what it is that is full
    public ByteBudget(String holder, long bytesMax) {
        this.holder = holder;
        this.bytesMax = bytesMax;
    }

    public long heldBytes() {
        return held.get();
    }

    /// A request that is alone may take more than there is: it was bounded before, and could
    /// otherwise never be served.
    ///
    /// @throws TerraneException.Unavailable if others hold too much
    public Hold hold(long bytes) {
        long before = held.getAndAdd(bytes);
        if (before > 0 && before + bytes > bytesMax) {
            held.addAndGet(-bytes);
            throw full(before);
        }
        return new Hold(bytes);
    }

    private TerraneException full(long heldBytes) {
        return new TerraneException.Unavailable(
                ErrorCode.OVERLOADED,
                "%s holds %d bytes of at most %d that are not written yet"
                        .formatted(holder, heldBytes, bytesMax),
                RETRY_AFTER,
                null);
    }

    /// Bytes that are held until this is closed.
    public final class Hold implements AutoCloseable {
        private final AtomicLong mine;

        private Hold(long bytes) {
            mine = new AtomicLong(bytes);
        }

        /// Holds more; what was held stays held if that is refused.
        ///
        /// @throws TerraneException.Unavailable if others hold too much
        public void grow(long more) {
            long before = held.getAndAdd(more);
            if (before > mine.get() && before + more > bytesMax) {
                held.addAndGet(-more);
                throw full(before);
            }
            mine.addAndGet(more);
        }

        @Override
        public void close() {
            held.addAndGet(-mine.getAndSet(0));
        }
    }
}
