package terrane.metasrv.raft;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.ChangeCodec;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A catalog of one member without a log, which leads until it is told otherwise. Every change goes
/// through its bytes.
public final class LoneCatalogStore implements CatalogStore {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Catalog catalog = new Catalog();
    private final List<Change> changes = new ArrayList<>();
    private final Clock clock;
    private boolean leads = true;

    public LoneCatalogStore(Clock clock) {
        this.clock = clock;
    }

    /// From now on it refuses, or takes, changes.
    public void leads(boolean now) {
        lock.lock();
        try {
            leads = now;
        } finally {
            lock.unlock();
        }
    }

    /// What was committed so far.
    public List<Change> changes() {
        lock.lock();
        try {
            return List.copyOf(changes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Applied commit(Change change) {
        lock.lock();
        try {
            if (!leads) {
                throw new TerraneException.NotLeader(
                        ErrorCode.NO_METASRV_LEADER, "does not lead", null, null);
            }
            var decoded = ChangeCodec.decode(ChangeCodec.encode(change));
            changes.add(decoded);
            var applied = catalog.apply(decoded);
            changed.signalAll();
            return applied;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> T read(Function<Catalog, T> question) {
        lock.lock();
        try {
            return question.apply(catalog);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitChange(long version, Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lock();
        try {
            while (catalog.version() <= version && !clock.passed(deadline)) {
                clock.await(changed, clock.until(deadline));
            }
            return catalog.version() > version;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Member> members() {
        return List.of();
    }

    @Override
    public OptionalLong leadingTerm() {
        lock.lock();
        try {
            return leads ? OptionalLong.of(1) : OptionalLong.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Member> leader() {
        return Optional.empty();
    }

    @Override
    public void close() {
        leads(false);
    }
}
