package terrane.wire.metasrv;

import terrane.core.Epoch;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.wal.UnflushedSum;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Everything that is known of one procedure.
///
/// @param kind `region_migration`, `region_failover`, `region_creation`, `alter_table`,
///   `drop_table`
/// @param status `Running`, `Done`, `Failed` or `Cancelled`
/// @param stage the state's name, for example `CatchingUp`
/// @param lagRecords how far the target is behind, while it catches up
/// @param predictedGap before the handover, from the measured append latency
/// @param writeGap as the clients of frontends saw it; empty without writers
public record ProcedureReport(
        ProcedureId id,
        String kind,
        String status,
        Optional<String> error,
        Optional<RegionId> region,
        Optional<PeerId> source,
        Optional<PeerId> target,
        String stage,
        List<Stage> stages,
        Optional<Long> lagRecords,
        Optional<Duration> predictedGap,
        Optional<Duration> writeGap,
        Optional<Certificate> certificate) {

    /// @param ended empty while it lasts
    public record Stage(String name, Instant began, Optional<Instant> ended) {}

    /// What both ends say of the cutover: equal, or something is wrong.
    ///
    /// @param sourceEpoch absent where nobody handed over
    /// @param agreed whether digest and sums of both sides are equal; empty where there is one side
    /// @param skipped how many records of the region were given up: their rows are in neither sum
    public record Certificate(
            Optional<Epoch> sourceEpoch,
            Epoch targetEpoch,
            WalOffset fence,
            long manifestVersion,
            String manifestDigest,
            Optional<UnflushedSum> source,
            UnflushedSum target,
            Optional<Boolean> agreed,
            long skipped) {}
}
