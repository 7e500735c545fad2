package terrane.core.catalog;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.migration.MigrationState;
import terrane.core.migration.Plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One entry of the metasrv's log. Everything random and everything that a clock said is part of
/// it, so that each member computes the same catalog.
public sealed interface Change {
    /// Nothing but a round over a quorum.
    record Noop() implements Change {}

    /// Gives the cluster its id; later ones do nothing.
    record Initialize(ClusterId cluster) implements Change {}

    /// The partitions over which new regions are spread from now on; regions that exist stay.
    record ConfigureWal(List<WalPartition> partitions) implements Change {
        public ConfigureWal {
            partitions = List.copyOf(partitions);
        }
    }

    /// The peer id belongs to this incarnation from now on. To be committed only after leases of
    /// the one before have lapsed.
    ///
    /// @param replaced whose record this decision rests on; empty if the peer id was free
    record RegisterNode(
            Node node,
            Address rpc,
            Address http,
            String version,
            Instant started,
            Optional<Node> replaced)
            implements Change {}

    /// The node said that all its epochs are final and that it goes.
    record NodeLeft(Node node) implements Change {}

    /// The node has read back what the metasrv wrote to the shared storage.
    record StorageProven(Node node) implements Change {}

    /// Leases may be this long from now on. Committed before the first such lease is granted.
    record RaiseLongestLease(Duration lease) implements Change {}

    /// @param placements one for each region, in order of their numbers
    record CreateTable(
            TableName name,
            TableSchema schema,
            PartitionRule partitions,
            SortedMap<String, String> options,
            List<Placement> placements,
            Instant submitted)
            implements Change {
        public CreateTable {
            placements = List.copyOf(placements);
            options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
        }
    }

    /// Who is to lead a new region, and the procedure that sees to it.
    record Placement(ProcedureId procedure, Node claimant) {}

    /// A migration or failover begins; refused while another procedure has the region.
    ///
    /// @param state Opening, or Reclaiming under the region's next epoch
    /// @param requestId a repetition under the same id gets the first one's procedure
    record SubmitMigration(
            ProcedureId procedure, Plan plan, MigrationState state, Optional<String> requestId)
            implements Change {}

    /// The procedure's next state and, in the same step, what it implies about the region.
    ///
    /// @param expected the version that the decision rests on
    /// @param measured what was found out meanwhile; empty parts leave what is known
    record SaveMigration(
            ProcedureId procedure,
            long expected,
            MigrationState state,
            Measured measured,
            Instant at)
            implements Change {}

    /// The table is to get `schema`, whose version follows that of the schema now.
    record SubmitAlter(ProcedureId procedure, TableId table, TableSchema schema, Instant submitted)
            implements Change {}

    /// All regions have the schema, so the catalog shows it.
    record AlterDone(ProcedureId procedure, Instant at) implements Change {}

    /// Takes the table out of the catalog and ends its procedures. Stale while one of its regions
    /// is handed over.
    record DropTable(ProcedureId procedure, TableId table, Instant submitted) implements Change {}

    /// The files of a dropped table's regions are deleted.
    record TableGone(ProcedureId procedure, Instant at) implements Change {}

    /// Regions whose files reach further than was known; lower offsets are ignored.
    record CommitFlushed(List<FlushedTo> regions) implements Change {
        public CommitFlushed {
            regions = List.copyOf(regions);
        }
    }

    /// Everything of `region` below `offset` is in files that its manifest names.
    record FlushedTo(RegionId region, WalOffset offset) {}

    /// From now on the procedure's WAL partition is not pruned beyond what is flushed now.
    record Pin(ProcedureId procedure) implements Change {}

    /// Lifts a [Pin], if there is one.
    record Unpin(ProcedureId procedure) implements Change {}

    /// Somebody wants the migration broken off. Stale once it is past its handover: then it is not
    /// to be remembered either.
    record Cancel(ProcedureId procedure) implements Change {}

    /// What a client waited for when `epoch` took over; the longest is kept.
    record RecordWriteGap(RegionId region, Epoch epoch, Duration gap) implements Change {}
}
