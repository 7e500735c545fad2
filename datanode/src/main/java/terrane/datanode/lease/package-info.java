/// This node's leases and the heartbeats that renew them.
///
/// Invariants: a lease counts from when the heartbeat that asked for it was sent; what is not asked
/// for any more is not held any more, at once; heartbeats run on a platform thread of their own.
@org.jspecify.annotations.NullMarked
package terrane.datanode.lease;
