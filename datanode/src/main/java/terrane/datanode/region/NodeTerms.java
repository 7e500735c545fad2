package terrane.datanode.region;

import terrane.datanode.Ack;
import terrane.datanode.lease.LeaseTable;

/// By what the copies of one node decide; the same for all of them.
///
/// @param ack when a write that has landed may be acknowledged
/// @param holds bounds what waits for a copy to lead
/// @param readBacks bounds what waits to be read back, with [Ack#READBACK]
/// @param poisons what they have stopped at
record NodeTerms(LeaseTable leases, Ack ack, Holds holds, Holds readBacks, Poisons poisons) {
    /// 64 MiB of batches for the node, and as much again decoded: at 100 MB/s of writes, more than
    /// half a second's worth; reading back takes a millisecond. A tail that lags by more has writes
    /// refused with a delay.
    private static final long READ_BACK_BYTES_MAX = 64L << 20;

    static NodeTerms of(LeaseTable leases, Ack ack, Holds holds) {
        return new NodeTerms(leases, ack, holds, new Holds(READ_BACK_BYTES_MAX), new Poisons());
    }

    boolean readsBack() {
        return ack == Ack.READBACK;
    }
}
