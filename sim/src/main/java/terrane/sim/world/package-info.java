/// Time, threads and chance of a simulated world, all from one seed.
///
/// Invariants: one platform thread runs everything that belongs to a world; nothing in it waits for
/// real time; what happens next is a function of the seed and of what has happened.
@org.jspecify.annotations.NullMarked
package terrane.sim.world;
