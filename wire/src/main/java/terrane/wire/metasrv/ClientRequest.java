package terrane.wire.metasrv;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Route;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.migration.Plan;
import terrane.wire.Reply;
import terrane.wire.Request;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What a frontend, or a command line, asks of the metasrv leader.
public sealed interface ClientRequest<R extends Reply> extends Request<R> {
    /// I am alive, for `cluster_info`.
    record Hello(Incarnation incarnation, Address http, String version)
            implements ClientRequest<Reply.Ack> {}

    /// Answered when all regions lead.
    record CreateTable(
            TableName name,
            TableSchema schema,
            PartitionRule partitions,
            SortedMap<String, String> options,
            boolean ifNotExists)
            implements ClientRequest<TableDescription> {}

    record DropTable(TableName name, boolean ifExists) implements ClientRequest<Reply.Ack> {}

    /// Answered when every region has the new columns.
    ///
    /// @param ifNotExists a column that is there with the same type and semantic is no error
    record AddColumns(TableName name, List<NewColumn> columns, boolean ifNotExists)
            implements ClientRequest<TableDescription> {}

    /// A column to be added; always nullable.
    record NewColumn(String name, ColumnType type, Column.Semantic semantic) {}

    /// What has changed since `version` (0: everything there is). Waits up to `atMost` for a change
    /// if there is none.
    record WatchCatalog(long version, Duration atMost) implements ClientRequest<CatalogChanges> {}

    /// Bring everything applied of all regions of a table into files.
    record FlushTable(TableName name) implements ClientRequest<Reply.Ack> {}

    /// Validated in the documented order; answered at once.
    ///
    /// @param requestId makes a repetition harmless
    record MigrateRegion(
            RegionId region,
            PeerId source,
            PeerId target,
            Plan.Limits limits,
            Optional<String> requestId)
            implements ClientRequest<Submitted> {}

    /// Cancel; refused once it is past the handover.
    record CancelProcedure(ProcedureId procedure) implements ClientRequest<Reply.Ack> {}

    /// One procedure, or with no id all that are remembered, newest first.
    record ListProcedures(Optional<ProcedureId> procedure) implements ClientRequest<Procedures> {}

    record ListNodes() implements ClientRequest<Nodes> {}

    /// Which nodes follow regions, ready to take them over.
    record ListFollowers() implements ClientRequest<Followers> {}

    /// At which records of the log regions wait, or copies of them have stopped.
    record ListPoisons() implements ClientRequest<Poisons> {}

    /// What a client waited for across one handover: the longest time that a write took that was
    /// sent before and acknowledged after it.
    record ReportWriteGap(RegionId region, Epoch epoch, Duration gap, long writes)
            implements ClientRequest<Reply.Ack> {}

    record TableDescription(Table table, Route route) implements Reply {}

    /// @param version what to name next time
    /// @param complete whether `changed` is all there is, so that everything else is to be
    ///   forgotten
    /// @param waiting all regions without a leader that wait at a record that cannot be read
    record CatalogChanges(
            long version,
            boolean complete,
            List<TableDescription> changed,
            List<TableId> dropped,
            List<PoisonReport> waiting)
            implements Reply {}

    /// @param procedure empty when the region is on the target already
    record Submitted(Optional<ProcedureId> procedure) implements Reply {}

    record Procedures(List<ProcedureReport> procedures) implements Reply {}

    record Nodes(List<NodeReport> nodes) implements Reply {}

    record Followers(List<Follower> followers) implements Reply {}

    record Poisons(List<PoisonReport> poisons) implements Reply {}

    /// A copy that follows.
    ///
    /// @param caughtUp whether it had applied all that it knew of when it was asked last
    record Follower(RegionId region, PeerId peer, boolean caughtUp) {}
}
