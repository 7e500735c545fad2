package terrane.datanode;

import terrane.core.Address;
import terrane.core.PeerId;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a datanode is told at start.
///
/// @param rpcBind where it listens; port 0 picks one
/// @param rpcAdvertised as others reach it; its port 0 stands for the one that was picked
/// @param httpBind `/health` and `/metrics`; port 0 picks one
/// @param metasrvs their RPC addresses
/// @param folder for the file cache, files being written, and what DuckDB spills; may be lost
/// @param ack what proves that a write may be acknowledged
public record DatanodeConfig(
        PeerId peer,
        Address rpcBind,
        Address rpcAdvertised,
        Address httpBind,
        List<Address> metasrvs,
        Path folder,
        Ack ack,
        Limits limits) {

    public DatanodeConfig {
        metasrvs = List.copyOf(metasrvs);
    }

    /// What a datanode may use.
    ///
    /// @param regionFlushBytes a region with more unflushed bytes is flushed
    /// @param memtableBytesMax for unflushed rows of all regions: at half of it the largest is
    ///   flushed, at all of it writes are refused until memory is free
    /// @param duckBytesMax for everything DuckDB holds
    /// @param duckThreads that DuckDB computes with
    /// @param cacheBytesMax for local copies of data files
    /// @param connectTimeout how long it looks for a metasrv leader at start
    public record Limits(
            long regionFlushBytes,
            long memtableBytesMax,
            long duckBytesMax,
            int duckThreads,
            long cacheBytesMax,
            Duration connectTimeout) {
        /// For a machine of a few gigabytes that it shares with others.
        public static final Limits SMALL =
                new Limits(64L << 20, 512L << 20, 512L << 20, 2, 4L << 30, Duration.ofMinutes(1));
    }
}
