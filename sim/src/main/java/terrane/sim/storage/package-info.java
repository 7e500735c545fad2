/// Shared storage of a simulated world, behind [terrane.engine.storage.ObjectStore].
///
/// Invariants: creates are atomic and never overwrite; what was answered is there for ever, until
/// it is deleted; what was not answered may be there, may come later, or never.
@org.jspecify.annotations.NullMarked
package terrane.sim.storage;
