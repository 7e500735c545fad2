package terrane.metasrv.node;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;

import java.util.concurrent.locks.ReentrantLock;

/// What this leader has written to the shared storage, and every datanode is to read back: one
/// object for one leadership, made when it is first needed.
public final class StorageProofs {
    private final StorageProbe probe;
    private final String nonce;
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable String object;

    public StorageProofs(StorageProbe probe, Randomness randomness) {
        this.probe = probe;
        this.nonce = randomness.nextUuid().toString();
    }

    /// The object's name; blocks while it is written for the first time.
    String object() throws InterruptedException {
        writing.lockInterruptibly();
        try {
            if (object == null) {
                object = probe.write(nonce);
            }
            return object;
        } finally {
            writing.unlock();
        }
    }

    /// @throws TerraneException.Rejected if this is not what was written
    void check(String read) {
        if (!nonce.equals(read)) {
            throw TerraneException.rejected(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "the node reads another object than the metasrv wrote: check that both name the"
                            + " same storage");
        }
    }

    /// Deletes the object, if there is one.
    public void close() throws InterruptedException {
        writing.lockInterruptibly();
        try {
            if (object != null) {
                probe.remove(object);
            }
        } finally {
            writing.unlock();
        }
    }
}
