package terrane.core.migration;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;

/// The one thing to bring about, derived from the plan and the state. Every duty is idempotent.
public sealed interface Duty {
    /// Pin pruning, then have the target open a follower and make itself warm.
    record OpenFollower(RegionId region, PeerId target) implements Duty {}

    /// Wait until lag and predicted gap are within the limits; freeze the manifest, and have the
    /// target confirm that it has loaded that version.
    record AwaitCaughtUp(RegionId region, PeerId target) implements Duty {}

    /// Nudge both, give the target its conditional lease, have the source append the fence.
    record HandOver(RegionId region, Node source, Node target, Epoch next) implements Duty {}

    /// Wait until every lower epoch is final or lapsed; have the claimant claim, fence, replay.
    record Claim(RegionId region, Node claimant, Epoch epoch) implements Duty {}

    /// Thaw the manifest, unpin pruning, have the loser close its copy.
    record TidyUp(RegionId region) implements Duty {}
}
