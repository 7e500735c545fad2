/// Rows that are in the log and not yet in files: Arrow vectors off the heap, row version = WAL
/// offset and the row's number in its record.
///
/// Invariants: appended by one thread; a snapshot sees exactly the records that were applied when
/// it was taken, whole; memory is released when the last snapshot is closed.
@org.jspecify.annotations.NullMarked
package terrane.engine.memtable;
