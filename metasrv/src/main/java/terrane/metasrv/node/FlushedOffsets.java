package terrane.metasrv.node;

import terrane.core.RegionId;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.metasrv.NodeRequest.Flushed;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Gathers how far regions' files reach, and commits it: at most once a second, since nothing but
/// pruning waits for it.
public final class FlushedOffsets {
    private static final Duration COMMIT_EVERY = Duration.ofSeconds(1);

    /// 500 changes of about 20 bytes: far below the log's largest entry.
    private static final int PER_CHANGE_MAX = 500;

    private final CatalogStore store;
    private final Clock clock;

    /// The last word on each region; bounded by the regions of the cluster.
    private final TreeMap<RegionId, Flushed> latest = new TreeMap<>();

    public FlushedOffsets(CatalogStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    public synchronized void add(List<Flushed> reports) {
        reports.forEach(report -> latest.put(report.region(), report));
    }

    /// What the region's leader last said of it to this metasrv.
    public synchronized Optional<Flushed> latest(RegionId region) {
        return Optional.ofNullable(latest.get(region));
    }

    /// The last word on every region, in order.
    public synchronized List<Flushed> all() {
        return List.copyOf(latest.values());
    }

    /// Commits what is news, for ever.
    ///
    /// @throws terrane.core.TerraneException if it cannot be committed; the next call goes on
    public void run() throws InterruptedException {
        while (true) {
            clock.sleep(COMMIT_EVERY);
            commit();
        }
    }

    void commit() throws InterruptedException {
        var news = news();
        for (int from = 0; from < news.size(); from += PER_CHANGE_MAX) {
            int to = Math.min(news.size(), from + PER_CHANGE_MAX);
            store.commit(new Change.CommitFlushed(news.subList(from, to)));
        }
    }

    private List<Change.FlushedTo> news() {
        var reports = all();
        forget(
                store.read(catalog ->
                        reports.stream()
                                .map(Flushed::region)
                                .filter(region -> catalog.region(region).isEmpty())
                                .toList()));
        return store.read(catalog ->
                reports.stream()
                        .filter(report -> isNews(catalog, report))
                        .map(FlushedOffsets::change)
                        .toList());
    }

    /// Regions of dropped tables.
    private synchronized void forget(List<RegionId> gone) {
        gone.forEach(latest::remove);
    }

    private static boolean isNews(Catalog catalog, Flushed report) {
        return catalog.region(report.region())
                .filter(region -> region.flushed().isBelow(report.flushed()))
                .isPresent();
    }

    private static Change.FlushedTo change(Flushed report) {
        return new Change.FlushedTo(report.region(), report.flushed());
    }
}
