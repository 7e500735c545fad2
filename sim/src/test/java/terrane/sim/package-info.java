/// Scenarios in simulated worlds.
///
/// Invariants: a seed that once failed stays here as a test.
@org.jspecify.annotations.NullMarked
package terrane.sim;
