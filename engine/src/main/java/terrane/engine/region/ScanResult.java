package terrane.engine.region;

import java.util.Optional;

/// The rows of a scan, a part at a time, in no order. One thread takes them; any thread may cancel.
public interface ScanResult extends AutoCloseable {
    /// The next part of up to 65,536 rows and about 1 MiB; empty at the end.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if it was cancelled, timed out or there is
    ///   not enough memory
    Optional<ScanPart> next() throws InterruptedException;

    /// Makes the running and every later [#next] fail; returns at once.
    void cancel();

    /// Ends the scan wherever it stands and lets go of files and memtables.
    @Override
    void close();
}
