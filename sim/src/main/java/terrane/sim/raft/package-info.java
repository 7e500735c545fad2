/// The replicated catalog of a simulated world, behind [terrane.metasrv.raft.CatalogStore]: one log
/// that cannot fork, with the outcomes that a real one has.
///
/// Invariants: an entry is in the log once or never; who is told that it is committed, is told so
/// after it is; a member answers only by what it has applied, which may be old.
@org.jspecify.annotations.NullMarked
package terrane.sim.raft;
