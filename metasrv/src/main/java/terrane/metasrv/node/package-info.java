/// The datanodes that are connected to this metasrv leader: registration, heartbeats, orders.
///
/// All of it lives for one leadership and is made anew with the next, so that no stream, detector
/// or deadline survives a step down.
///
/// Invariants: a peer id belongs to one incarnation at a time; a lease is granted only in the
/// answer to a heartbeat, after a quorum round that began after the heartbeat had arrived, and is
/// entered into the ledger before the answer leaves.
@org.jspecify.annotations.NullMarked
package terrane.metasrv.node;
