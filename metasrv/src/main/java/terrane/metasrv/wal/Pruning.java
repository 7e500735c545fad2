package terrane.metasrv.wal;

import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.RegionRecord;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/// Lets go of what no region needs of the log any more, every now and then, while this metasrv
/// leads.
///
/// What is read here may be changed by a pin a moment later, and by a later leader: a pin holds the
/// region's flushed offset as committed, and a procedure reads the manifest, whose offset is no
/// lower, only after its pin. So every floor that was ever read here lies at or below it.
public final class Pruning {
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final CatalogStore store;
    private final WalTopics topics;
    private final Clock clock;
    private final TreeMap<WalPartition, WalOffset> pruned = new TreeMap<>();

    public Pruning(CatalogStore store, WalTopics topics, Clock clock) {
        this.store = store;
        this.topics = topics;
        this.clock = clock;
    }

    /// Prunes for ever.
    ///
    /// @throws terrane.core.TerraneException if it cannot for the moment; the next call goes on
    public void run() throws InterruptedException {
        while (true) {
            clock.sleep(EVERY);
            prune();
        }
    }

    void prune() throws InterruptedException {
        var floors = store.read(Pruning::floors);
        floors.entrySet().removeIf(floor -> floor.getValue().equals(pruned.get(floor.getKey())));
        if (!floors.isEmpty()) {
            topics.prune(floors);
            pruned.putAll(floors);
        }
    }

    private static SortedMap<WalPartition, WalOffset> floors(Catalog catalog) {
        var floors = new TreeMap<WalPartition, WalOffset>();
        catalog.regions().stream()
                .map(RegionRecord::wal)
                .distinct()
                .forEach(wal ->
                        catalog.pruneFloor(wal)
                                .filter(WalOffset.ZERO::isBelow)
                                .ifPresent(floor -> floors.put(wal, floor)));
        return floors;
    }
}
