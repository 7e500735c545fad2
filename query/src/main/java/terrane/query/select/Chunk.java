package terrane.query.select;

/// A part of a scan's result.
///
/// @param rowCount how many rows it has
/// @param arrow one Arrow IPC stream, schema and batches, of the scan's columns in their order;
///   empty for a scan without columns, of which only the row count matters
public record Chunk(long rowCount, byte[] arrow) {}
