/// Whether the simulation notices what is missing.
///
/// Invariants: the table of `docs/protocols/mutations.md` is what is run.
@org.jspecify.annotations.NullMarked
package terrane.sim.mutation;
