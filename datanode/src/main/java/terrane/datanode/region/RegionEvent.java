package terrane.datanode.region;

import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.engine.wal.Wal;

import java.util.Optional;

/// What a region's own thread is told, in order.
sealed interface RegionEvent {
    /// The tail read a record of this region.
    record Read(Wal.Entry entry) implements RegionEvent {}

    /// The tail has passed on everything below `position`.
    record Reached(WalOffset position, Optional<WalOffset> end) implements RegionEvent {}

    /// The log does not have what the tail asked for.
    record TailFailed(TerraneException cause) implements RegionEvent {}

    /// The broker acknowledged an append of this copy.
    record Landed(Append append, WalOffset offset) implements RegionEvent {}

    /// Some append through this copy's producer has an unknown outcome.
    record Lost(String reason) implements RegionEvent {}

    /// The copy was closed.
    record Closed() implements RegionEvent {}
}
