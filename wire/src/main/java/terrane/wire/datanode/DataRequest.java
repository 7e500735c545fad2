package terrane.wire.datanode;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.LeaderHint;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.scan.ScanSpec;
import terrane.core.wal.WriteKey;
import terrane.wire.Reply;
import terrane.wire.Request;

import java.util.Optional;

/// What a frontend asks of a datanode.
public sealed interface DataRequest<R extends Reply> extends Request<R> {
    RegionId region();

    /// Write one batch, once per key.
    ///
    /// @param epoch whom the sender takes for the leader, with `leader`
    /// @param since the region's offset known to the sender when the key was first used: a leader
    ///   that has forgotten keys from there on refuses. Empty for a client's own key
    /// @param batch an encoded [terrane.core.rows.RowBatch]
    record Write(
            RegionId region,
            Epoch epoch,
            Incarnation leader,
            Optional<WriteKey> key,
            Optional<WalOffset> since,
            int schemaVersion,
            byte[] batch)
            implements DataRequest<Written> {}

    /// Read under a lease that is still valid after the snapshot was taken. Answered by a stream of
    /// [ScanChunk]s.
    record Scan(RegionId region, Epoch epoch, Incarnation leader, ScanSpec spec)
            implements DataRequest<ScanChunk> {}

    /// What this node knows of the region; any copy answers.
    record Describe(RegionId region) implements DataRequest<Described> {}

    /// The batch is in the log and will survive.
    ///
    /// @param offset the record's offset; of the first write of this key, if it was repeated
    /// @param end everything below is applied: what a sender may name as `since` from now on
    /// @param successor who leads next, if this leader has already handed over
    record Written(WalOffset offset, WalOffset end, Optional<LeaderHint> successor)
            implements Reply {}

    /// A part of a scan's result: one Arrow IPC stream (schema and batches) of the scan's columns,
    /// or, for a scan without columns, a number of rows.
    record ScanChunk(long rowCount, byte[] arrow) implements Reply {}

    /// @param epoch the highest that this copy has seen in force
    record Described(Epoch epoch, boolean leads, WalOffset applied, Optional<LeaderHint> hint)
            implements Reply {}
}
