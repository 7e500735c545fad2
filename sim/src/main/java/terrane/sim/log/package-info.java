/// Kafka in a simulated world, behind [terrane.engine.wal.Wal], as it was measured.
///
/// Invariants: a record that was acknowledged is in the log for ever, or until it is pruned; one
/// that was not may be there, may come later, in any order with others of its producer, or never.
@org.jspecify.annotations.NullMarked
package terrane.sim.log;
