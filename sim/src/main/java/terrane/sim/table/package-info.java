/// The table of faults: every state of a migration × every role × every fault, each cell a
/// simulated cluster under load that is hit exactly when the migration is in that state.
///
/// Invariants: a cell whose moment was not reached, or whose fault did not take place then, has
/// failed; what the protocol says about the end of a cell stands in [Expected], which looks at
/// nothing but the cell.
@org.jspecify.annotations.NullMarked
package terrane.sim.table;
