package terrane.query.select;

import java.util.Optional;

/// The result of one scan over all regions of a table, as it arrives; rows come in any order.
public interface ChunkStream extends AutoCloseable {
    /// Waits for the next part.
    ///
    /// @return empty at the end
    /// @throws terrane.core.TerraneException if a region cannot answer
    Optional<Chunk> next() throws InterruptedException;

    /// Ends the scan, also when it has not come to its end.
    @Override
    void close();
}
