package terrane.core.catalog;

import terrane.core.migration.Certificate;

import java.time.Duration;
import java.util.Optional;

/// What was found out while a region changed hands. Nothing is decided by it.
///
/// @param lagRecords how far the target was behind, when last asked
/// @param predictedGap the write gap that was predicted before the handover
/// @param certificate what both ends say of the cutover
/// @param writeGap the worst that a client waited; empty without writers
public record Measured(
        Optional<Long> lagRecords,
        Optional<Duration> predictedGap,
        Optional<Certificate> certificate,
        Optional<Duration> writeGap) {
    public static final Measured NOTHING =
            new Measured(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// What is known with `newer`: its findings win; of two write gaps the longer.
    public Measured and(Measured newer) {
        return new Measured(
                newer.lagRecords.or(() -> lagRecords),
                newer.predictedGap.or(() -> predictedGap),
                newer.certificate.or(() -> certificate),
                longer(writeGap, newer.writeGap));
    }

    private static Optional<Duration> longer(Optional<Duration> one, Optional<Duration> other) {
        if (one.isPresent() && other.isPresent()) {
            return one.get().compareTo(other.get()) >= 0 ? one : other;
        }
        return one.or(() -> other);
    }

    public Measured withWriteGap(Duration gap) {
        return and(
                new Measured(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(gap)));
    }
}
