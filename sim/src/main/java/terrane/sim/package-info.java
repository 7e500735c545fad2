/// The scenarios, and the command that runs them.
///
/// Invariants: see `docs/protocols/simulation.md`.
@org.jspecify.annotations.NullMarked
package terrane.sim;
