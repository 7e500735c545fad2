package terrane.datanode.log;

import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.engine.wal.Wal;

import java.util.Optional;

/// Takes the records of one region as they are read. Called by one thread at a time.
public interface TailSink {
    /// The next record of the region; may block to slow the reading down.
    void record(Wal.Entry entry) throws InterruptedException;

    /// Everything below `position` has been passed on.
    ///
    /// @param end the log's end as last heard
    void reached(WalOffset position, Optional<WalOffset> end) throws InterruptedException;

    /// For now nothing can be read from `at` on, though the log has it: it is damaged there. Said
    /// again and again; a [#reached] beyond it is the end of that.
    void stalled(WalOffset at, TerraneException cause);

    /// Nothing more comes: the log does not have what was asked for.
    void failed(TerraneException cause);
}
