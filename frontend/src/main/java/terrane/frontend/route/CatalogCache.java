package terrane.frontend.route;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.LeaderHint;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.query.select.Tables;
import terrane.wire.metasrv.ClientRequest.CatalogChanges;
import terrane.wire.metasrv.ClientRequest.WatchCatalog;
import terrane.wire.metasrv.PoisonReport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Tables and leaders as this frontend knows them, kept fresh by a loop that waits at the metasrv
/// for changes, and at once by the hints of datanodes.
public final class CatalogCache implements Tables, AutoCloseable {
    private static final Logger LOG = System.getLogger(CatalogCache.class.getName());

    /// How long the metasrv keeps a question without changes. Bounds how long a lost answer is
    /// missed, together with [#ANSWER_MAX].
    private static final Duration WATCH = Duration.ofSeconds(10);

    /// What an answer may take beyond that before the loop asks another metasrv.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(3);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

    private final MetasrvClient metasrv;
    private final Clock clock;
    private final CatalogView view = new CatalogView();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /// One refresh at a time, so that a thousand waiting requests make one question.
    private final ReentrantLock refreshing = new ReentrantLock();

    private final Thread loop;

    public CatalogCache(MetasrvClient metasrv, Clock clock) {
        this.metasrv = metasrv;
        this.clock = clock;
        this.loop = Threads.virtual("catalog-watch", this::watch);
    }

    private void watch() {
        try {
            while (true) {
                try {
                    var question = new WatchCatalog(version(), WATCH);
                    merge(metasrv.call(question, WATCH.plus(ANSWER_MAX)));
                } catch (TerraneException e) {
                    LOG.log(Level.DEBUG, () -> "no answer from a metasrv: " + e.text());
                    clock.sleep(PAUSE_AFTER_FAILURE);
                } catch (RuntimeException e) {
                    // Without this loop routes would be those of today for ever.
                    LOG.log(Level.ERROR, "the catalog could not be brought up to date", e);
                    clock.sleep(PAUSE_AFTER_FAILURE);
                }
            }
        } catch (InterruptedException e) {
            // Only [#close] interrupts this thread, which ends here.
            LOG.log(Level.DEBUG, "watching ends");
        }
    }

    /// Asks for everything that was committed before this call.
    ///
    /// @throws TerraneException if no metasrv answers in time
    public void refresh(Duration atMost) throws InterruptedException {
        long before = clock.nanosAfter(atMost);
        refreshing.lockInterruptibly();
        try {
            var question = new WatchCatalog(version(), Duration.ZERO);
            merge(metasrv.call(question, clock.until(before)));
        } finally {
            refreshing.unlock();
        }
    }

    /// Waits until what is known satisfies a condition, asking the metasrv if it does not.
    ///
    /// @throws TerraneException.Unavailable if it does not come true in time
    public void await(Predicate<Tables> condition, Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        while (!condition.test(this)) {
            if (clock.passed(deadline)) {
                throw TerraneException.unavailable(
                        ErrorCode.TIMED_OUT, "change is not known to this frontend yet");
            }
            long seen = version();
            refresh(clock.until(deadline));
            if (!condition.test(this)) {
                awaitChange(() -> view.version() != seen, PAUSE_AFTER_FAILURE);
            }
        }
    }

    private boolean awaitChange(Supplier<Boolean> done, Duration atMost)
            throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lockInterruptibly();
        try {
            while (!done.get()) {
                if (clock.passed(deadline)) {
                    return false;
                }
                clock.await(changed, clock.until(deadline));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until a region has a leader under an epoch above `seen`.
    ///
    /// @return whether it came in time
    public boolean awaitLeaderAbove(RegionId region, Epoch seen, Duration atMost)
            throws InterruptedException {
        return awaitChange(
                () ->
                        view.leader(region)
                                .filter(known -> known.leader().isPresent())
                                .filter(known -> known.epoch().isAbove(seen))
                                .isPresent(),
                atMost);
    }

    /// Waits for the first load.
    ///
    /// @return whether it came in time
    public boolean awaitLoaded(Duration atMost) throws InterruptedException {
        return awaitChange(view::loaded, atMost);
    }

    /// @return whether it said something new
    public boolean learn(LeaderHint hint) {
        return locked(known -> {
            boolean news = known.merge(hint);
            if (news) {
                changed.signalAll();
            }
            return news;
        });
    }

    void merge(CatalogChanges changes) {
        locked(known -> {
            if (known.merge(changes)) {
                changed.signalAll();
            }
            return known;
        });
    }

    private <T> T locked(Function<CatalogView, T> question) {
        lock.lock();
        try {
            return question.apply(view);
        } finally {
            lock.unlock();
        }
    }

    public long version() {
        return locked(CatalogView::version);
    }

    public boolean loaded() {
        return locked(CatalogView::loaded);
    }

    public int regionCount() {
        return locked(CatalogView::regionCount);
    }

    @Override
    public Optional<Table> table(TableName name) {
        return locked(known -> known.table(name));
    }

    public Optional<Table> table(TableId id) {
        return locked(known -> known.table(id));
    }

    @Override
    public List<Table> all() {
        return locked(CatalogView::tables);
    }

    /// What is known of a region's leader; empty for a region of no known table.
    public Optional<RegionLeader> leader(RegionId region) {
        return locked(known -> known.leader(region));
    }

    /// The record that nobody can lead the region because of, as the metasrv last said; empty while
    /// it has a leader.
    public Optional<PoisonReport> poison(RegionId region) {
        return locked(known ->
                known.poison(region)
                        .filter(_ ->
                                known.leader(region)
                                        .filter(leader -> leader.leader().isEmpty())
                                        .isPresent()));
    }

    @Override
    public void close() {
        loop.interrupt();
    }
}
