package terrane.core.catalog;

import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

/// What a procedure keeps from being pruned.
///
/// @param offset what the region had flushed when it was pinned: its manifest, read later, names
///   this offset or a greater one
public record PrunePin(RegionId region, WalPartition wal, WalOffset offset) {}
