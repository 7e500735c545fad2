/// The topics that the regions' WALs share: made, checked and pruned.
///
/// Invariants: nothing is pruned that a region has not flushed or that a procedure holds; a Kafka
/// that could lose the log is refused.
@org.jspecify.annotations.NullMarked
package terrane.metasrv.wal;
