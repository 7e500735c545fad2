package terrane.metasrv.node;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.metasrv.raft.CatalogStore;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Shares quorum rounds: whoever asks gets one that began after it asked, and all who ask while one
/// is under way share the next.
final class QuorumRounds {
    private final CatalogStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private long begun;
    private long finished;
    private boolean running;
    private @Nullable TerraneException failure; // of the round that finished last

    QuorumRounds(CatalogStore store) {
        this.store = store;
    }

    /// Returns after a round that began during this call.
    ///
    /// @throws TerraneException as the store answered: then this member may have been deposed
    void round() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long mine = begun + 1;
            while (finished < mine) {
                if (running) {
                    ended.await();
                } else {
                    run();
                }
            }
            // A later round than one's own proves as much, and a failed one no more.
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() throws InterruptedException {
        running = true;
        begun++;
        lock.unlock();
        TerraneException outcome =
                TerraneException.uncertain(ErrorCode.INTERNAL, "quorum round was broken off");
        try {
            store.quorumRound();
            outcome = null;
        } catch (TerraneException e) {
            outcome = e;
        } finally {
            lock.lock();
            running = false;
            finished = begun;
            failure = outcome;
            ended.signalAll();
        }
    }
}
