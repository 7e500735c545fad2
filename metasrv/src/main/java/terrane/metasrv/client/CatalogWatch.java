package terrane.metasrv.client;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.metasrv.ClientRequest.CatalogChanges;
import terrane.wire.metasrv.ClientRequest.WatchCatalog;

import java.time.Duration;

/// Tells watchers what has changed since they last asked, as soon as it has.
final class CatalogWatch {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /// How soon a watcher is sent on after this member has lost the leadership.
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private final CatalogStore store;
    private final Clock clock;

    CatalogWatch(CatalogStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    CatalogChanges watch(WatchCatalog request) throws InterruptedException {
        var atMost = request.atMost().compareTo(WAIT_MAX) < 0 ? request.atMost() : WAIT_MAX;
        long deadline = clock.nanosAfter(atMost);
        while (true) {
            var delta = store.read(catalog -> catalog.changesSince(request.version()));
            if (!delta.empty() || clock.passed(deadline)) {
                return store.read(catalog -> changes(catalog, request.version()));
            }
            if (store.leadingTerm().isEmpty()) {
                throw new TerraneException.NotLeader(
                        ErrorCode.NO_METASRV_LEADER, "leads no more", null, null);
            }
            var rest = clock.until(deadline);
            store.awaitChange(delta.version(), rest.compareTo(LOOK_EVERY) < 0 ? rest : LOOK_EVERY);
        }
    }

    private static CatalogChanges changes(Catalog catalog, long since) {
        var delta = catalog.changesSince(since);
        return new CatalogChanges(
                delta.version(),
                delta.complete(),
                delta.changed().stream()
                        .flatMap(id -> TableDescriptions.of(catalog, id).stream())
                        .toList(),
                delta.dropped());
    }
}
