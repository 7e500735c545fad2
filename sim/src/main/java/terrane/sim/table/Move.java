package terrane.sim.table;

import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Procedure;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.catalog.Stage;
import terrane.core.migration.Plan;
import terrane.sim.cluster.DatanodeHost;
import terrane.sim.cluster.SimCluster;

import java.util.List;
import java.util.Optional;

/// The one migration of a run that was ordered.
record Move(SimCluster cluster, RegionId region, PeerId source, PeerId target) {
    /// Some region that is led, from its leader to somebody else, by the seed.
    ///
    /// @return empty if nothing is led
    static Optional<Move> drawn(SimCluster cluster) {
        var chance = cluster.world().chance();
        var led =
                cluster
                        .catalog(catalog -> List.copyOf(catalog.regions()))
                        .orElse(List.of())
                        .stream()
                        .filter(region -> region.leadership() instanceof Leadership.Led)
                        .toList();
        if (led.isEmpty()) {
            return Optional.empty();
        }
        var region = chance.pick(led);
        var source = ((Leadership.Led) region.leadership()).leader().peer();
        var targets =
                cluster.datanodes().stream()
                        .map(DatanodeHost::peer)
                        .filter(peer -> !peer.equals(source))
                        .toList();
        return Optional.of(new Move(cluster, region.id(), source, chance.pick(targets)));
    }

    /// By the catalog of the metasrv that leads; empty before it is submitted, and while nobody
    /// leads.
    Optional<Migrating> procedure() {
        return cluster.catalog(this::find).flatMap(found -> found);
    }

    private Optional<Migrating> find(Catalog catalog) {
        return catalog.procedures().stream()
                .filter(Migrating.class::isInstance)
                .map(Migrating.class::cast)
                .filter(each -> each.plan().cause() == Plan.Cause.ORDERED)
                .filter(each -> each.plan().region().equals(region))
                .findFirst();
    }

    /// The protocol's state, as reports name it.
    Optional<String> state() {
        return procedure().map(found -> Procedure.label(found.state()));
    }

    /// All states that it was in, if it has ended.
    Optional<List<String>> ended() {
        return procedure()
                .filter(Migrating::finished)
                .map(found -> found.stages().stream().map(Stage::name).toList());
    }

    /// Who is to lead the region: the claimant where it is reclaimed.
    PeerId claimant() {
        return cluster.catalog(catalog -> catalog.region(region))
                .flatMap(found -> found)
                .map(found ->
                        found.leadership() instanceof Leadership.Reclaiming reclaiming
                                ? reclaiming.claimant().peer()
                                : target)
                .orElse(target);
    }

    DatanodeHost host(PeerId peer) {
        return cluster.datanodes().stream()
                .filter(host -> host.peer().equals(peer))
                .findFirst()
                .orElseThrow();
    }
}
