package terrane.engine.region;

import terrane.core.WalOffset;
import terrane.engine.manifest.Manifest;

/// What a flush has written: all that the manifest says about a file but its name.
///
/// @param rowCount after merging, so at most what the memtables had
public record FlushedFile(
        long sizeBytes,
        long rowCount,
        long minTime,
        long maxTime,
        WalOffset firstOffset,
        WalOffset lastOffset,
        int schemaVersion) {

    public Manifest.DataFile named(String name) {
        return new Manifest.DataFile(
                name,
                sizeBytes,
                rowCount,
                minTime,
                maxTime,
                firstOffset,
                lastOffset,
                schemaVersion);
    }
}
