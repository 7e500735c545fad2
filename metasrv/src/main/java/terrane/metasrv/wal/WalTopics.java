package terrane.metasrv.wal;

import terrane.core.ClusterId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;

import java.util.List;
import java.util.SortedMap;

/// The log's own side of the WAL, apart from its records. [KafkaWalTopics] is the production one.
public interface WalTopics extends AutoCloseable {
    /// Makes the topics that are missing and checks those that are there; does nothing else when
    /// called again.
    ///
    /// @return the partitions over which regions are to be spread
    /// @throws terrane.core.TerraneException.Unavailable if the log does not answer
    /// @throws terrane.core.TerraneException.Rejected if it could lose what is written; the message
    ///   says what to set
    List<WalPartition> prepare(ClusterId cluster) throws InterruptedException;

    /// Deletes what lies below the given offsets; what is below already is no error.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if the log does not answer
    void prune(SortedMap<WalPartition, WalOffset> floors) throws InterruptedException;

    @Override
    void close();
}
