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
/// @param agreed whether digest and sums of both sides are equal; empty where there is one side
public record Certificate(
        Optional<Epoch> sourceEpoch,
        Epoch targetEpoch,
        WalOffset fence,
        long manifestVersion,
        String manifestDigest,
        Optional<UnflushedSum> source,
        UnflushedSum target,
        Optional<Boolean> agreed) {}
