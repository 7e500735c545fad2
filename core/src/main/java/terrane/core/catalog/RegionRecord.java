package terrane.core.catalog;

import terrane.core.Epoch;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

import java.util.Optional;

/// What the metasrv knows about one region.
///
/// @param lastEpoch the greatest epoch ever allocated for it
/// @param procedure the one procedure that may change its leadership now
/// @param flushed everything below is in files; as committed, which may lag behind the manifest
public record RegionRecord(
        RegionId id,
        WalPartition wal,
        Leadership leadership,
        Epoch lastEpoch,
        Optional<ProcedureId> procedure,
        WalOffset flushed) {
    RegionRecord withFlushed(WalOffset offset) {
        return new RegionRecord(id, wal, leadership, lastEpoch, procedure, offset);
    }
}
