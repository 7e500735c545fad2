package terrane.metasrv.client;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.metasrv.ClientRequest.CatalogChanges;
import terrane.wire.metasrv.ClientRequest.WatchCatalog;
import terrane.wire.metasrv.PoisonReport;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Tells watchers what has changed since they last asked, as soon as it has.
final class CatalogWatch {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /// How soon a watcher is sent on after this member has lost the leadership.
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final CatalogStore store;
    private final Supplier<List<PoisonReport>> waiting;
    private final Clock clock;

    /// @param waiting regions that wait at a record; whoever enters or leaves this list has the
    ///   catalog change soon after, so that watchers need not wait for both
    CatalogWatch(CatalogStore store, Supplier<List<PoisonReport>> waiting, Clock clock) {
        this.store = store;
        this.waiting = waiting;
        this.clock = clock;
    }

    CatalogChanges watch(WatchCatalog request) throws InterruptedException {
        var atMost = request.atMost().compareTo(WAIT_MAX) < 0 ? request.atMost() : WAIT_MAX;
        long deadline = clock.nanosAfter(atMost);
        while (true) {
            var delta = store.read(catalog -> catalog.changesSince(request.version()));
            if (!delta.empty() || clock.passed(deadline)) {
                var now = waiting.get();
                return store.read(catalog -> changes(catalog, request.version(), now));
            }
            if (store.leadingTerm().isEmpty()) {
                throw new TerraneException.NotLeader(
                        ErrorCode.NO_METASRV_LEADER, "leads no more", null, null);
            }
            var rest = clock.until(deadline);
            store.awaitChange(delta.version(), rest.compareTo(LOOK_EVERY) < 0 ? rest : LOOK_EVERY);
        }
    }

    private static CatalogChanges changes(Catalog catalog, long since, List<PoisonReport> waiting) {
        var delta = catalog.changesSince(since);
        return new CatalogChanges(
                delta.version(),
                delta.complete(),
                delta.changed().stream()
                        .flatMap(id -> TableDescriptions.of(catalog, id).stream())
                        .toList(),
                delta.dropped(),
                waiting);
    }
}
