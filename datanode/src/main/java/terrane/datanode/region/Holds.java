package terrane.datanode.region;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.util.concurrent.atomic.AtomicLong;

/// Bounds what waits on this node: writes for regions that are about to lead here, until the fence
/// is read, or writes that have not been read back.
public final class Holds {
    /// 64 MiB for the node: at 100 MB/s of writes, more than half a second's worth; a handover
    /// holds for milliseconds.
    public static final long HELD_BYTES_MAX = 64L << 20;

    private final AtomicLong heldBytes = new AtomicLong();
    private final long bytesMax;

    public Holds() {
        this(HELD_BYTES_MAX);
    }

    /// Bounds something else than what waits for a fence.
    Holds(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// @throws TerraneException.Unavailable if that would be too much
    void enter(long bytes) {
        if (heldBytes.addAndGet(bytes) > bytesMax) {
            heldBytes.addAndGet(-bytes);
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED, "too many writes wait here: bytes_max=%d", bytesMax);
        }
    }

    void leave(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    /// Bytes that are held now.
    public long heldBytes() {
        return heldBytes.get();
    }
}
