/// Runs with one safety check taken out of the product's classes as they are loaded: a simulation
/// that notices nothing proves nothing.
///
/// Invariants: the product has no hook for it; a cut that does not find as many places as it was
/// written for fails; whoever judges a run is not changed.
@org.jspecify.annotations.NullMarked
package terrane.sim.mutation;
