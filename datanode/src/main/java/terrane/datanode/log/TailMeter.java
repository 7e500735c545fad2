package terrane.datanode.log;

/// Counts what is read of the log on this node. Called by many threads.
public interface TailMeter {
    /// A tail or a backfill was given records of that many bytes, whether anybody wanted them or
    /// not.
    void read(long bytes);

    /// A record was passed over that no node of this cluster can have written.
    void foreign();

    /// The log's answer contradicted its own checksum, and is asked for again.
    void damaged();
}
