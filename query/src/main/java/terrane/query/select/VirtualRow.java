package terrane.query.select;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.catalog.TableName;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// One row of a table of `information_schema`.
public sealed interface VirtualRow {
    /// In the order of [VirtualTable#columns]: strings, longs, doubles, booleans, or nulls.
    List<@Nullable Object> cells();

    /// A row of [VirtualTable#REGION_PEERS].
    ///
    /// @param leader whether the region is led there now
    /// @param status `ALIVE`, `DOWNGRADED` during a handover, or `DOWN`; of what follows `FOLLOWER`
    ///   or `CATCHING_UP`; `QUARANTINED` if nobody leads because a record cannot be read, which
    ///   this node met last, and `STALLED` if only its copy cannot go on there
    /// @param down how long it has been down; empty if it is up
    record RegionPeer(
            TableName table,
            RegionId region,
            PeerId peer,
            Optional<Address> address,
            boolean leader,
            String status,
            Optional<Duration> down)
            implements VirtualRow {
        @Override
        public List<@Nullable Object> cells() {
            return row(
                    table.catalog(),
                    table.schema(),
                    table.table(),
                    region.value(),
                    peer.value(),
                    address.map(Address::toString).orElse(null),
                    yesOrNo(leader),
                    status,
                    down.map(Duration::toSeconds).orElse(null));
        }
    }

    /// A row of [VirtualTable#CLUSTER_INFO].
    ///
    /// @param id a datanode's peer id, a metasrv's member id, -1 for a frontend
    /// @param kind `METASRV`, `DATANODE` or `FRONTEND`
    /// @param regions how many regions it leads
    record Member(
            long id,
            String kind,
            Addresses addresses,
            Optional<String> version,
            Lifetime lifetime,
            boolean leader,
            long regions)
            implements VirtualRow {
        /// Where it is reached, by the other nodes and over HTTP.
        public record Addresses(Address rpc, Address http) {}

        /// When it started and when it was last heard of, if that is known, and whether that is
        /// recent enough.
        public record Lifetime(
                Optional<Instant> started, Optional<Instant> lastSeen, boolean alive) {}

        @Override
        public List<@Nullable Object> cells() {
            return row(
                    id,
                    kind,
                    addresses.rpc().toString(),
                    addresses.http().toString(),
                    version.orElse(null),
                    lifetime.started().map(Instant::toEpochMilli).orElse(null),
                    lifetime.lastSeen().map(Instant::toEpochMilli).orElse(null),
                    lifetime.alive() ? "ALIVE" : "DOWN",
                    yesOrNo(leader),
                    regions);
        }
    }

    /// What every procedure has.
    ///
    /// @param kind for example `region_migration`
    /// @param status `Running`, `Done`, `Failed` or `Cancelled`
    /// @param stage the state's name, for example `CatchingUp`
    /// @param ended empty while it runs
    record ProcedureSummary(
            ProcedureId id,
            String kind,
            Instant started,
            Optional<Instant> ended,
            String status,
            Optional<String> error,
            String stage) {}

    /// A row of [VirtualTable#PROCEDURE_INFO].
    ///
    /// @param lagRecords how far a target is behind, while it catches up
    record Procedure(ProcedureSummary summary, Optional<RegionId> region, Optional<Long> lagRecords)
            implements VirtualRow {
        @Override
        public List<@Nullable Object> cells() {
            return row(
                    summary.id().toString(),
                    summary.kind(),
                    summary.started().toEpochMilli(),
                    summary.ended().map(Instant::toEpochMilli).orElse(null),
                    summary.status(),
                    summary.error().orElse(null),
                    summary.stage(),
                    region.map(RegionId::value).orElse(null),
                    lagRecords.orElse(null));
        }
    }

    /// A row of [VirtualTable#REGION_MIGRATIONS].
    ///
    /// @param stages a JSON array of the stages with the times at which each began and ended
    record RegionMigration(
            ProcedureSummary summary,
            RegionId region,
            Optional<PeerId> source,
            Optional<PeerId> target,
            String stages,
            Optional<Long> lagRecords,
            Outcome outcome)
            implements VirtualRow {
        /// @param certificate as a JSON object
        /// @param agreed whether both ends' sums are equal; empty where there is one side
        public record Outcome(
                Optional<Duration> predictedGap,
                Optional<Duration> writeGap,
                Optional<String> certificate,
                Optional<Boolean> agreed) {}

        @Override
        public List<@Nullable Object> cells() {
            return row(
                    summary.id().toString(),
                    summary.kind(),
                    region.value(),
                    source.map(PeerId::value).orElse(null),
                    target.map(PeerId::value).orElse(null),
                    summary.started().toEpochMilli(),
                    summary.ended().map(Instant::toEpochMilli).orElse(null),
                    summary.status(),
                    summary.error().orElse(null),
                    summary.stage(),
                    stages,
                    lagRecords.orElse(null),
                    outcome.predictedGap().map(VirtualRow::millis).orElse(null),
                    outcome.writeGap().map(VirtualRow::millis).orElse(null),
                    outcome.certificate().orElse(null),
                    outcome.agreed().orElse(null));
        }
    }

    /// A row of a table that follows from the catalog alone.
    record OfCatalog(List<@Nullable Object> cells) implements VirtualRow {}

    /// Cells in order; nulls are allowed.
    static List<@Nullable Object> row(@Nullable Object... cells) {
        return Collections.unmodifiableList(Arrays.asList(cells));
    }

    /// As GreptimeDB writes truth in these tables.
    static String yesOrNo(boolean value) {
        return value ? "Yes" : "No";
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    /// The id as the unsigned number that users see.
    static long unsigned(TableId id) {
        return Integer.toUnsignedLong(id.value());
    }
}
