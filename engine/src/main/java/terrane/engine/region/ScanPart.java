package terrane.engine.region;

/// A part of a scan's result.
///
/// @param rowCount how many rows it stands for
/// @param arrow one Arrow IPC stream: schema and batches; empty for a scan without columns
public record ScanPart(long rowCount, byte[] arrow) {}
