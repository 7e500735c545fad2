/// A whole cluster in a simulated world: the production roles, clients that read and write, faults,
/// and an observer who sees everything at once.
///
/// Invariants: the roles are wired as `terrane.cli.role` wires them, with simulated surroundings;
/// nothing of the roles' own is replaced.
@org.jspecify.annotations.NullMarked
package terrane.sim.cluster;
