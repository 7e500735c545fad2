package terrane.core.migration;

import terrane.core.Epoch;
import terrane.core.WalOffset;
import terrane.core.wal.UnflushedSum;

import java.util.Optional;

/// What both ends say of a cutover: equal, or something is wrong.
///
/// @param sourceEpoch absent where nobody handed over
/// @param fence the offset at which `targetEpoch` took effect
/// @param source absent where there is one side only
/// @param agreed whether digest and sums of both sides are equal; empty where there is one side,
///   and where the source died with writes in flight that never reached the log
/// @param skipped how many records of the region operators have given up, in all its life: their
///   rows are in neither sum
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
