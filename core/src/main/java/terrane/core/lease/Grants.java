package terrane.core.lease;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.RegionRecord;

/// Who is granted what, as a function of the committed state and of what the ledger knows.
///
/// To be asked only after a quorum round that began after the heartbeat had arrived, by a leader
/// that has applied an entry of its own term.
public final class Grants {
    private Grants() {}

    /// Whether `node` may hold a lease for the region under `epoch`. For a handover's target it is
    /// a conditional one: of use only once it has read the fence.
    public static boolean allows(
            RegionRecord region, Node node, Epoch epoch, LeaseLedger ledger, long nowNanos) {
        if (ledger.isFinal(region.id(), epoch)) {
            return false;
        }
        return switch (region.leadership()) {
            case Leadership.Led led -> led.leader().equals(node) && led.epoch().equals(epoch);
            case Leadership.HandingOver h -> h.target().equals(node) && h.next().equals(epoch);
            case Leadership.Reclaiming r ->
                    r.claimant().equals(node)
                            && r.epoch().equals(epoch)
                            && ledger.lapsed(region.id(), epoch, nowNanos);
        };
    }
}
