/// What a metasrv is asked, by datanodes and by frontends. Followers answer "not the leader" with
/// the leader's address.
///
/// Invariants: a lease is only ever the answer to a [NodeRequest.Heartbeat].
@org.jspecify.annotations.NullMarked
package terrane.wire.metasrv;
