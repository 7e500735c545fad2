/// What clients did and saw, and whether the cluster may have answered so.
///
/// Invariants: pure; the verdict depends on the records alone, never on the order in which threads
/// handed them in.
@org.jspecify.annotations.NullMarked
package terrane.sim.history;
