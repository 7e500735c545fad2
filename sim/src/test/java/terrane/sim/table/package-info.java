/// Runs the table of faults, and holds its document to what the run says.
///
/// Invariants: every cell runs with every build.
@org.jspecify.annotations.NullMarked
package terrane.sim.table;
