package terrane.datanode.region;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.WalPartition;

/// Which copy this is: of which region, on which node, opened by which procedure.
///
/// @param address where this node's copy is reached
record RegionIdentity(
        ClusterId cluster,
        RegionId region,
        WalPartition wal,
        Node me,
        Address address,
        ProcedureId procedure) {

    /// What others are told while this copy leads under `epoch`.
    LeaderHint hint(Epoch epoch) {
        return new LeaderHint(region, epoch, me, address);
    }
}
