package terrane.wire.metasrv;

import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

/// A record of the log that cannot be read, and who waits there, as the metasrv leader knows it.
///
/// @param rows whether it is rows and nothing else that replay rests on, so that it may be skipped
/// @param peer the datanode that met it last
/// @param waits whether the region has no leader because of it; if not, a copy on `peer` has
///   stopped, and somebody else leads
/// @param reason for people
public record PoisonReport(
        RegionId region,
        WalPartition wal,
        WalOffset offset,
        boolean rows,
        PeerId peer,
        boolean waits,
        String reason) {
    /// For whoever is refused because the region waits.
    public String refusal() {
        var remedy =
                rows
                        ? "start a version that reads it, or lose that record: terrane region skip"
                                + " %s %s".formatted(region, offset)
                        : "start a version that reads it; it may not be skipped";
        return "region %s waits at a record that cannot be read: partition=%s offset=%s, %s; see"
                        .formatted(region, wal, offset, remedy)
                + " /admin/quarantine";
    }
}
