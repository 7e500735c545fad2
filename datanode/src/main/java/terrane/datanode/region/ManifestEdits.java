package terrane.datanode.region;

import terrane.core.ProcedureId;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Who may create manifest versions of a leading copy: one worker at a time, and nobody while a
/// handover has them frozen. A worker may write files while they are frozen; it is the creation of
/// a version that waits. Frozen means that none is being created, and that none with an unknown
/// outcome is outstanding: a creation does not end before its outcome is known.
final class ManifestEdits {
    /// Who froze says so again every few moments until the handover. One that does not is gone, and
    /// a manifest that stays frozen would fill the memory with rows that cannot be flushed.
    private static final Duration FROZEN_MAX = Duration.ofMinutes(2);

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<ProcedureId> frozenBy = Optional.empty();
    private long frozenUntilNanos;
    private boolean working;
    private boolean creating;

    ManifestEdits(Clock clock) {
        this.clock = clock;
    }

    /// @return false if somebody is at work already; otherwise [#end] is owed
    boolean begin() {
        lock.lock();
        try {
            if (working) {
                return false;
            }
            working = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// For whoever has begun: from here on versions may be created, until [#end].
    ///
    /// @return false if edits were frozen for all of that time
    boolean create(Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lock();
        try {
            while (isFrozen() && !clock.passed(deadline)) {
                clock.await(changed, clock.until(deadline));
            }
            creating = !isFrozen();
            return creating;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            working = false;
            creating = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets no version be created from now on, and waits for the one that is.
    ///
    /// @return false if its outcome was not known in time; edits stay frozen all the same
    boolean freeze(ProcedureId procedure, Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lock();
        try {
            frozenBy = Optional.of(procedure);
            frozenUntilNanos = clock.nanosAfter(FROZEN_MAX);
            while (creating && !clock.passed(deadline)) {
                clock.await(changed, clock.until(deadline));
            }
            return !creating;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFrozen() {
        return frozenBy.isPresent() && !clock.passed(frozenUntilNanos);
    }

    /// Whether a version would have to wait.
    boolean frozen() {
        lock.lock();
        try {
            return isFrozen();
        } finally {
            lock.unlock();
        }
    }

    /// Whether this procedure has frozen edits, no other one since, and not too long ago.
    boolean isFrozenBy(ProcedureId procedure) {
        lock.lock();
        try {
            return !creating && isFrozen() && frozenBy.equals(Optional.of(procedure));
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
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
