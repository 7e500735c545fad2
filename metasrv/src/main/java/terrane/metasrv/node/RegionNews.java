package terrane.metasrv.node;

/// What heartbeats say of regions besides leases. Nothing is decided by it but how much of the log
/// may go.
public record RegionNews(FlushedOffsets flushed, StoppedCopies stopped) {}
