package terrane.core.catalog;

import terrane.core.Epoch;
import terrane.core.Node;

/// Who may hold a lease over a region, by the committed word of the metasrv. It commits in the same
/// Raft entry as the procedure's state that implies it.
public sealed interface Leadership {
    /// `leader` leads under `epoch`, which is renewed on request.
    record Led(Node leader, Epoch epoch) implements Leadership {}

    /// `source`'s epoch is renewed no more; `target` may hold a lease for `next`, which is of no
    /// use to it before the fence.
    record HandingOver(Node source, Epoch epoch, Node target, Epoch next) implements Leadership {}

    /// Nobody leads. `claimant` may hold a lease for `epoch` once every lower epoch is final or has
    /// lapsed.
    record Reclaiming(Node claimant, Epoch epoch) implements Leadership {}
}
