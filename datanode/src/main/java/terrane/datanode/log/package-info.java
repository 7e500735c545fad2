/// The node's use of the log: one producer and one tail per WAL partition, shared by its regions.
///
/// Invariants: after one failed send nothing more goes through that producer, and every region that
/// leads through it is told; a subscriber gets every record of its region from its offset on, once
/// and in order, however it joined.
@org.jspecify.annotations.NullMarked
package terrane.datanode.log;
