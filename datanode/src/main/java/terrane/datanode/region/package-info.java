/// The regions of this node: opening, following, leading, handing over and closing. The argument
/// stands in `docs/protocols/region-migration.md`.
///
/// Invariants: admission is one critical section per region: state and epoch check, key check, and
/// the hand to the producer. What landed is applied, acknowledged or not. A write is acknowledged
/// only if the lease under which it was appended is held after the broker's acknowledgement. Reads
/// stop before the fence for a successor is given to the producer. A copy that has stopped never
/// comes back: a new one is built from manifest and log.
@org.jspecify.annotations.NullMarked
package terrane.datanode.region;
