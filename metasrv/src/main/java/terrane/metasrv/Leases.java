package terrane.metasrv;

import terrane.core.lease.Suspicion;

import java.time.Duration;

/// What a metasrv is told about leases.
///
/// @param duration how long a datanode may lead without hearing from a metasrv
/// @param suspicious which silence of a datanode is
public record Leases(Duration duration, Suspicion.Parameters suspicious) {
    /// With the usual parameters.
    public static Leases of(Duration duration) {
        return new Leases(duration, Suspicion.Parameters.USUAL);
    }
}
