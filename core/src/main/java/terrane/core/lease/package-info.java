/// Who may acknowledge writes and serve reads, and until when. The argument stands in
/// `docs/protocols/leases.md`.
///
/// Invariants: a lease is only ever the answer to a numbered heartbeat and counts from when that
/// heartbeat was sent; the metasrv counts from when it answered and adds the drift allowance.
@org.jspecify.annotations.NullMarked
package terrane.core.lease;
