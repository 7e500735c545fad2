package terrane.wire.metasrv;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.wire.Reply;
import terrane.wire.Request;

import java.time.Duration;
import java.util.List;

/// What a datanode says to the metasrv leader over the channel that it opened; orders come back on
/// the same one.
public sealed interface NodeRequest<R extends Reply> extends Request<R> {
    /// I am this incarnation of that peer. Held back until an earlier incarnation's lease lapsed.
    record Register(Node node, Address rpc, Address http, String version)
            implements NodeRequest<Registered> {}

    /// I read `nonce` from the shared storage, so I see the same storage as the metasrv.
    record ProveStorage(Node node, String nonce) implements NodeRequest<Reply.Ack> {}

    /// I am alive. `number` grows by one with each; the answer renews what is wanted, counted from
    /// when this was sent.
    ///
    /// @param baseVersion the set of wanted leases that `added` and `removed` are to be applied to
    /// @param setVersion the set that results; equal to `baseVersion` if nothing changed
    /// @param finals epochs under which this node will never acknowledge again
    /// @param flushed regions whose flushed offset changed
    /// @param unreadable all records that copies on this node have stopped at, as far as it
    ///   remembers
    record Heartbeat(
            Node node,
            long number,
            long baseVersion,
            long setVersion,
            List<RegionEpoch> added,
            List<RegionEpoch> removed,
            List<RegionEpoch> finals,
            List<Flushed> flushed,
            List<Unreadable> unreadable,
            Load load)
            implements NodeRequest<HeartbeatAnswer> {}

    /// I lead this region no more and cannot go on, because an append has an unknown outcome: give
    /// me, or somebody, a fresh epoch.
    record GiveUp(Node node, RegionId region, Epoch epoch, String reason)
            implements NodeRequest<Reply.Ack> {}

    /// I am going; all my epochs are final.
    record Leave(Node node) implements NodeRequest<Reply.Ack> {}

    /// A region under an epoch.
    record RegionEpoch(RegionId region, Epoch epoch) {}

    /// How far a region's files reach.
    ///
    /// @param manifestBytes the size of all files that its manifest names
    /// @param rowCount rows in files, duplicates not yet merged counted each
    /// @param skipped the records that operators gave up, in all the region's life
    record Flushed(
            RegionId region,
            WalOffset flushed,
            long manifestBytes,
            long rowCount,
            List<WalOffset> skipped) {
        public Flushed {
            skipped = List.copyOf(skipped);
        }
    }

    /// A record of the log at which a copy on this node has stopped, leading or not.
    ///
    /// @param rows whether it is rows, and nothing else that replay rests on
    /// @param reason for people
    record Unreadable(
            RegionId region, WalPartition wal, WalOffset offset, boolean rows, String reason) {}

    /// What the node is busy with.
    ///
    /// @param regionCount copies, followers too
    /// @param memoryBytes of rows that are not in files yet
    record Load(int regionCount, long memoryBytes) {}

    /// @param lease what an answer to a heartbeat is worth, from the heartbeat's sending
    /// @param storageProbe the object that holds the nonce; empty if this incarnation has read one
    ///   back before and need not again
    record Registered(ClusterId cluster, Duration lease, String storageProbe) implements Reply {}

    /// @param matched whether the metasrv's set was at `baseVersion`; if not, nothing is renewed
    ///   and the next heartbeat starts from version 0 with the whole set
    /// @param refused the wanted leases that are not renewed: all others are
    record HeartbeatAnswer(long number, long setVersion, boolean matched, List<RegionEpoch> refused)
            implements Reply {}
}
