package terrane.metasrv.procedure;

import terrane.core.migration.Certificate;
import terrane.wire.datanode.Order.HandedOver;
import terrane.wire.datanode.Order.Leading;

import java.util.Optional;

/// Puts the two halves of a cutover side by side.
final class Certificates {
    private Certificates() {}

    /// @param source absent if its answer was lost. Then what the target read in the fence stands
    ///   in if it is equal; if not, nobody knows: the fence counts writes in flight, and those that
    ///   did not reach the log, and were never acknowledged, are no difference. A source that
    ///   answers has seen all of them land.
    static Certificate ofHandover(Optional<HandedOver> source, Leading target) {
        return new Certificate(
                source.map(HandedOver::epoch),
                target.epoch(),
                target.fence(),
                target.manifestVersion(),
                target.manifestDigest(),
                source.map(HandedOver::unflushed),
                target.unflushed(),
                source.map(half -> agree(half, target))
                        .or(() -> target.agreed().filter(equal -> equal)),
                target.skipped());
    }

    private static boolean agree(HandedOver source, Leading target) {
        return source.fence().equals(target.fence())
                && source.manifestVersion() == target.manifestVersion()
                && source.manifestDigest().equals(target.manifestDigest())
                && source.unflushed().equals(target.unflushed())
                && target.agreed().orElse(true);
    }

    /// Nobody handed over: there is one side, which rebuilt the region from the log.
    static Certificate ofClaim(Leading claimant) {
        return new Certificate(
                Optional.empty(),
                claimant.epoch(),
                claimant.fence(),
                claimant.manifestVersion(),
                claimant.manifestDigest(),
                Optional.empty(),
                claimant.unflushed(),
                Optional.empty(),
                claimant.skipped());
    }
}
