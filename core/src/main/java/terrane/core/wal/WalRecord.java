package terrane.core.wal;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.catalog.TableSchema;

import java.util.Optional;

/// One record of a region's log. A WAL partition holds the records of many regions; each is read by
/// its own region and passed over by the others.
public sealed interface WalRecord {
    Header header();

    /// What every record carries.
    ///
    /// @param number the record's number under (region, epoch), from 1: a gap in it, under one
    ///   epoch, is what a failed append leaves behind
    record Header(RegionId region, Epoch epoch, long number) {}

    /// Rows. Applied if and only if its epoch is the highest that has fenced before it.
    ///
    /// @param key absent where the writer gave none
    /// @param batch an encoded [terrane.core.rows.RowBatch]
    record Rows(Header header, int schemaVersion, Optional<WriteKey> key, byte[] batch)
            implements WalRecord {}

    /// The record by which the header's epoch takes effect. Appended by the source of a handover,
    /// or by the claimant itself.
    ///
    /// @param manifestVersion the version that the new leader must have loaded
    /// @param unflushed the sum over what lies unflushed below this fence, as its writer counted
    ///   it; empty when the claimant fences, who has not replayed yet
    record Fence(Header header, Node leader, long manifestVersion, Optional<UnflushedSum> unflushed)
            implements WalRecord {}

    /// The table's columns from here on.
    record Schema(Header header, TableSchema schema) implements WalRecord {}

    /// Everything below is gone.
    record Truncate(Header header) implements WalRecord {}

    /// Makes a target's producer, connections and code warm. Ignored by everybody, always.
    record WarmUp(Header header, byte[] ballast) implements WalRecord {}
}
