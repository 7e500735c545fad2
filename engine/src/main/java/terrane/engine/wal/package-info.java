/// The write-ahead log: Kafka, as Terrane uses it. What was learnt of Kafka's behaviour stands in
/// `docs/protocols/wal.md`.
///
/// Invariants: callbacks of one producer come in the order of its sends; a failed append is not an
/// absent append; reading what was pruned throws.
@org.jspecify.annotations.NullMarked
package terrane.engine.wal;
