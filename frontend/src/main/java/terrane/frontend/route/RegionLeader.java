package terrane.frontend.route;

import terrane.core.Epoch;
import terrane.core.LeaderHint;
import terrane.core.RegionId;
import terrane.core.catalog.Route;

import java.util.Optional;

/// Who leads a region, as far as this frontend knows.
///
/// @param leader empty while nobody leads under this epoch
/// @param handingOver whether the leader is being replaced
public record RegionLeader(
        RegionId region, Epoch epoch, Optional<Route.Leader> leader, boolean handingOver) {
    static RegionLeader of(Route.RegionRoute route) {
        return new RegionLeader(route.region(), route.epoch(), route.leader(), route.handingOver());
    }

    static RegionLeader of(LeaderHint hint) {
        return new RegionLeader(
                hint.region(),
                hint.epoch(),
                Optional.of(new Route.Leader(hint.leader(), hint.address())),
                false);
    }

    /// The later of two words about one region. An epoch belongs to one leader, it begins without
    /// one and its leader is replaced at most once, so under one epoch more is later. In whatever
    /// order words come, the result is the same.
    RegionLeader merge(RegionLeader other) {
        if (!epoch.equals(other.epoch)) {
            return epoch.isAbove(other.epoch) ? this : other;
        }
        return new RegionLeader(
                region,
                epoch,
                leader.isPresent() ? leader : other.leader,
                handingOver || other.handingOver);
    }
}
