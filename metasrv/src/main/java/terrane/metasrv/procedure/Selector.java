package terrane.metasrv.procedure;

import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.RegionRecord;
import terrane.core.migration.Outcome.Fresh;
import terrane.core.migration.Plan;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Chooses who comes next: afresh each time, from the nodes that are alive. The entry that saves
/// the choice is refused if it is outdated by then.
final class Selector {
    private static final Duration NOBODY_PAUSE = Duration.ofMillis(100);

    private final CatalogStore store;
    private final Vitals vitals;
    private final Followers followers;
    private final Clock clock;

    Selector(CatalogStore store, Vitals vitals, Followers followers, Clock clock) {
        this.store = store;
        this.vitals = vitals;
        this.followers = followers;
        this.clock = clock;
    }

    /// Blocks until there is somebody who can reclaim.
    ///
    /// @param avoid who was lost; chosen only if there is nobody else
    /// @throws TerraneException.Rejected if the region is gone
    Fresh fresh(Plan plan, Optional<Node> avoid) throws InterruptedException {
        while (true) {
            var claimant = claimant(plan, avoid);
            if (claimant.isPresent()) {
                return store.read(catalog -> fresh(catalog, plan, claimant.get()));
            }
            clock.sleep(NOBODY_PAUSE);
        }
    }

    private static Fresh fresh(Catalog catalog, Plan plan, Node claimant) {
        var region = region(catalog, plan.region());
        var target = catalog.node(plan.target()).map(record -> record.node()).orElse(claimant);
        return new Fresh(leader(region), target, claimant, region.lastEpoch().next());
    }

    static RegionRecord region(Catalog catalog, RegionId id) {
        return catalog.region(id)
                .orElseThrow(() ->
                        TerraneException.rejected(
                                ErrorCode.REGION_NOT_FOUND, "no such region: %s", id));
    }

    private static Node leader(RegionRecord region) {
        return switch (region.leadership()) {
            case Leadership.Led led -> led.leader();
            case Leadership.HandingOver h -> h.source();
            case Leadership.Reclaiming r -> r.claimant();
        };
    }

    /// The plan's target, which may have followed already; else its source; else who follows; else
    /// who has the least to do; the one to be avoided only if there is nobody else.
    private Optional<Node> claimant(Plan plan, Optional<Node> avoid) {
        return vitals.fit(plan.target())
                .filter(node -> !avoid.equals(Optional.of(node)))
                .or(() ->
                        plan.source().flatMap(vitals::fit).filter(node -> !isAvoided(node, avoid)))
                .or(() -> followers.ready(plan.region(), avoid))
                .or(() -> vitals.leastLoaded(avoid, Map.of()));
    }

    private static boolean isAvoided(Node node, Optional<Node> avoid) {
        return avoid.equals(Optional.of(node));
    }
}
