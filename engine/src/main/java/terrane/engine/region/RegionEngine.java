package terrane.engine.region;

import terrane.core.catalog.TableSchema;
import terrane.core.scan.ScanSpec;
import terrane.engine.memtable.Snapshot;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What writes a region's rows into files and reads them back. [DuckEngine] is the production one.
public interface RegionEngine extends AutoCloseable {
    /// Blocks until the file is on disk, synced. The snapshots stay the caller's, who closes them
    /// afterwards.
    ///
    /// @param snapshots of consecutive memtables of one region, with one row at least
    /// @param schema the region's, now: the file has all its columns
    /// @param target must not exist. Nothing is left of it when this fails
    /// @throws terrane.core.TerraneException.Unavailable if the disk or the memory does not suffice
    FlushedFile write(List<Snapshot> snapshots, TableSchema schema, Path target)
            throws InterruptedException;

    /// Prepares a scan; nothing is read before the first [Rows#next].
    ///
    /// @param schema the region's, now; columns that a file does not have yet are null
    /// @param files those of the manifest that the memtables continue
    /// @param memtables belong to the result from here on, which closes them; they are closed too
    ///   if this throws
    /// @throws terrane.core.TerraneException.Rejected if the spec names columns that are not there
    ///   or compares one with a constant of another kind
    /// @throws terrane.core.TerraneException.Unavailable if there are too many scans
    Rows scan(ScanSpec spec, TableSchema schema, List<SourceFile> files, List<Snapshot> memtables);

    @Override
    void close();

    /// The rows of a scan, a part at a time, in no order, for one thread.
    interface Rows extends AutoCloseable {
        /// Empty at the end.
        ///
        /// @throws terrane.core.TerraneException.Unavailable if it was cancelled, took too long, or
        ///   there is not enough memory
        /// @throws terrane.core.TerraneException.Corrupt if a file cannot be read
        Optional<ScanPart> next() throws InterruptedException;

        /// Ends the scan wherever it stands; any thread may. Harmless when repeated.
        @Override
        void close();
    }
}
