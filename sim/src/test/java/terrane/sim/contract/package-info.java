/// What log and storage promise, asked of the simulated ones: the same tests as of the real ones,
/// so that the simulation cannot drift from the truth.
///
/// Invariants: every test runs inside a world of its own, on a thread of one of its processes.
@org.jspecify.annotations.NullMarked
package terrane.sim.contract;
