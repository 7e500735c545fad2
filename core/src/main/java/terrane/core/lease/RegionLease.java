package terrane.core.lease;

import terrane.core.Epoch;
import terrane.core.RegionId;

/// The right to acknowledge writes to one region, until a deadline on this node's own clock. It is
/// of use only to a copy that has read the epoch's fence as the highest of the region.
///
/// @param epoch never granted to two nodes, nor twice to one node across a gap
/// @param deadlineNanos on the scale of [terrane.core.time.Clock#nanos], counted from the send time
///   of the heartbeat that it answers
public record RegionLease(RegionId region, Epoch epoch, long deadlineNanos) {
    public boolean heldAt(long nanos) {
        return nanos - deadlineNanos < 0; // a difference, so that it survives wrap-around
    }
}
