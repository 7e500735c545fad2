package terrane.datanode.region;

import terrane.core.ProcedureId;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Whether a leading copy may create manifest versions. Frozen means that none is being created,
/// and that none with an unknown outcome is outstanding: an edit does not end before its outcome is
/// known.
final class ManifestEdits {
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<ProcedureId> frozenBy = Optional.empty();
    private boolean editing;

    ManifestEdits(Clock clock) {
        this.clock = clock;
    }

    /// @return false if edits are frozen or one is under way; otherwise [#end] is owed
    boolean begin() {
        lock.lock();
        try {
            if (editing || frozenBy.isPresent()) {
                return false;
            }
            editing = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            editing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets no edit begin from now on, and waits for the one that has.
    ///
    /// @return false if it did not end in time; edits stay frozen all the same
    boolean freeze(ProcedureId procedure, Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lock();
        try {
            frozenBy = Optional.of(procedure);
            while (editing && !clock.passed(deadline)) {
                clock.await(changed, clock.until(deadline));
            }
            return !editing;
        } finally {
            lock.unlock();
        }
    }

    /// Lets edits begin again if it was this procedure that froze them.
    void thaw(ProcedureId procedure) {
        lock.lock();
        try {
            if (frozenBy.equals(Optional.of(procedure))) {
                frozenBy = Optional.empty();
            }
        } finally {
            lock.unlock();
        }
    }
}
