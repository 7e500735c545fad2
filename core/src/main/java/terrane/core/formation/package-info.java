/// Whether a metasrv may take part in the metadata's Raft group with the folder that it has: a
/// folder that has lost what it confirmed must not vote.
///
/// Invariants: a member votes only with a folder that it held, blank, at one moment at which all
/// members' folders were blank, and with the same folder ever since; `next` is total.
@org.jspecify.annotations.NullMarked
package terrane.core.formation;
