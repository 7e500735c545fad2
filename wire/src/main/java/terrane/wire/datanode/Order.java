package terrane.wire.datanode;

import terrane.core.Epoch;
import terrane.core.LeaderHint;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.TableSchema;
import terrane.core.wal.UnflushedSum;
import terrane.wire.Reply;
import terrane.wire.Request;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a metasrv leader orders of a datanode, over the channel that the datanode opened. Every
/// order is idempotent.
public sealed interface Order<R extends Reply> extends Request<R> {
    /// Heartbeat at once. Carries no right.
    record Nudge() implements Order<Reply.Ack> {}

    /// Open a follower: manifest, then WAL tail; warm the producer, the connections, the code.
    /// Answered when the copy is open; it keeps following.
    ///
    /// @param schema the table's columns, for a region that has no manifest yet
    record OpenFollower(
            ProcedureId procedure, RegionId region, WalPartition wal, TableSchema schema)
            implements Order<Progress> {}

    /// These are all the regions that the node is to follow, so that it can take them over: open
    /// what is missing, at leisure. Answered at once with how far those are that are open.
    record Follow(List<Hot> regions) implements Order<Followed> {
        public Follow {
            regions = List.copyOf(regions);
        }
    }

    /// A region to be followed.
    ///
    /// @param flushed what its leader has in files, as far as the metasrv knows
    record Hot(RegionId region, WalPartition wal, WalOffset flushed) {}

    /// Answered when the follower has applied everything below `offset` and loaded at least
    /// `manifestVersion`, or after `atMost` with how far it is.
    record AwaitApplied(
            ProcedureId procedure,
            RegionId region,
            WalOffset offset,
            long manifestVersion,
            Duration atMost)
            implements Order<Progress> {}

    /// To the leader: where are you?
    record AskPosition(ProcedureId procedure, RegionId region, Epoch epoch)
            implements Order<Position> {}

    /// To the source: flush first where that is cheaper than replay, then create no manifest
    /// version until the handover or a [Thaw].
    record Freeze(ProcedureId procedure, RegionId region, Epoch epoch) implements Order<Position> {}

    /// To the leader: manifest versions may be created again.
    record Thaw(ProcedureId procedure, RegionId region, Epoch epoch) implements Order<Reply.Ack> {}

    /// To the target: ask for a lease for `epoch` with a heartbeat at once; answered when it is
    /// held. From then on writes for that epoch are held until the fence is read.
    record PrepareToLead(ProcedureId procedure, RegionId region, Epoch epoch)
            implements Order<Reply.Ack> {}

    /// To the source: stop admitting, stop reading, append the fence of `successor.epoch()`.
    /// Answered when the fence is acknowledged and `epoch` is final.
    record HandOver(ProcedureId procedure, RegionId region, Epoch epoch, LeaderHint successor)
            implements Order<HandedOver> {}

    /// To the target: answered when it leads under `epoch`, or refused after `atMost`.
    record AwaitLead(ProcedureId procedure, RegionId region, Epoch epoch, Duration atMost)
            implements Order<Leading> {}

    /// To a claimant: every lower epoch is final or lapsed. Claim the manifest, fence, replay,
    /// lead. Answered when it leads, or after a moment with how far it is: then give it again.
    ///
    /// @param skip give up the record at this offset for good, which nobody can read
    record Claim(
            ProcedureId procedure,
            RegionId region,
            Epoch epoch,
            WalPartition wal,
            TableSchema schema,
            Optional<WalOffset> skip)
            implements Order<Claimed> {}

    /// Close the copy, unless it leads under `epoch` or a later one.
    record Close(ProcedureId procedure, RegionId region, Epoch epoch) implements Order<Reply.Ack> {}

    /// To the leader: append the schema as a WAL record; answered when it is applied.
    record Alter(RegionId region, Epoch epoch, TableSchema schema) implements Order<Reply.Ack> {}

    /// To the leader: bring everything that is applied into files.
    record Flush(RegionId region, Epoch epoch) implements Order<Position> {}

    /// Close the region and delete its files. Sent for a dropped table only, whose region nobody
    /// may lead any more.
    record Drop(RegionId region) implements Order<Reply.Ack> {}

    /// How far a follower is.
    ///
    /// @param end the log's end as the follower last saw it
    /// @param recordsPerSecond measured replay speed; 0 if nothing was replayed yet
    record Progress(WalOffset applied, WalOffset end, long manifestVersion, long recordsPerSecond)
            implements Reply {}

    /// How far the regions are that a node follows and has open.
    record Followed(List<HotProgress> regions) implements Reply {
        public Followed {
            regions = List.copyOf(regions);
        }
    }

    /// How far one of them is.
    record HotProgress(RegionId region, Progress progress) {}

    /// Where a leader is.
    ///
    /// @param applied everything below is applied
    /// @param appendLatency a recent median, from admission to acknowledgement; zero without writes
    record Position(
            WalOffset applied, WalOffset flushed, long manifestVersion, Duration appendLatency)
            implements Reply {}

    /// The source's half of the certificate.
    ///
    /// @param fence the fence's offset
    /// @param stopToFence from the last admission to the fence's acknowledgement
    record HandedOver(
            Epoch epoch,
            WalOffset fence,
            long manifestVersion,
            String manifestDigest,
            UnflushedSum unflushed,
            Duration stopToFence)
            implements Reply {}

    /// What has come of a claim.
    sealed interface Claimed extends Reply permits Leading, Replaying, Poisoned {}

    /// The claimant has claimed and fenced, and replays.
    ///
    /// @param applied everything below is applied
    /// @param end the log's end as the claimant last saw it
    record Replaying(Epoch epoch, WalOffset applied, WalOffset end) implements Claimed {}

    /// The claimant has met a record of the region that it cannot read, and has stopped there. Its
    /// epoch is final.
    ///
    /// @param rows whether it is rows, and nothing else that replay rests on
    /// @param reason for people: partition, offset and what is wrong with it
    record Poisoned(Epoch epoch, WalOffset offset, boolean rows, String reason)
            implements Claimed {}

    /// The new leader's half of the certificate.
    ///
    /// @param fence the offset of its own fence
    /// @param agreed whether its sum equals the one in the fence; empty where the fence has none
    /// @param skipped how many records its manifest has everybody pass over
    record Leading(
            Node leader,
            Epoch epoch,
            WalOffset fence,
            long manifestVersion,
            String manifestDigest,
            UnflushedSum unflushed,
            Optional<Boolean> agreed,
            long skipped)
            implements Claimed {}
}
