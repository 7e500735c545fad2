/// The log's records and the one rule by which everybody replays them: a leader that reopens, a
/// follower and a target. The argument stands in `docs/protocols/wal.md`, the bytes in
/// `docs/formats/wal-records.md`.
///
/// Invariants: what a region is, is a function of its manifest and its log alone; so are the keys
/// that it remembers.
@org.jspecify.annotations.NullMarked
package terrane.core.wal;
