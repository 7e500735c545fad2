package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.LeaderHint;
import terrane.wire.datanode.Order;

/// What a copy of a region may do. It only ever moves downwards in this list.
sealed interface Role {
    /// It applies what the tail reads and serves nothing.
    record Following() implements Role {}

    /// It follows, and is to lead under `epoch` from that epoch's fence on. Writes and reads for
    /// that epoch are held until then.
    record Preparing(Epoch epoch) implements Role {}

    /// It has read its fence as the highest; with a lease it acknowledges and serves.
    record Leading(Epoch epoch, Order.Leading report) implements Role {}

    /// It has given the fence for its successor to the producer: it admits and reads nothing, and
    /// decides the writes that were in flight.
    record HandingOver(Epoch epoch, LeaderHint successor) implements Role {}

    /// Its epoch is final.
    record HandedOver(Epoch epoch, LeaderHint successor, Order.HandedOver report) implements Role {}

    /// It is of no use any more.
    record Stopped(String reason) implements Role {}
}
