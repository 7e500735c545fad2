/// Runs with one safety check taken out of the product's classes as they are loaded: a simulation
/// that notices nothing proves nothing.
///
/// Invariants: the product has no hook for it; a mutation that finds nothing to change fails.
@org.jspecify.annotations.NullMarked
package terrane.sim.mutation;
