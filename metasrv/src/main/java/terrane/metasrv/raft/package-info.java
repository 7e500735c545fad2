/// The replicated catalog: a Raft log over the metasrvs, and the state machine that applies it.
///
/// Invariants: what was answered is on the disks of a majority; a member takes itself for the
/// leader only once it has applied an entry of its own term; a change whose fate is not known ends
/// in [terrane.core.TerraneException.Uncertain], never in a refusal.
@org.jspecify.annotations.NullMarked
package terrane.metasrv.raft;
