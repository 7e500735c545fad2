/// Requests and replies over a channel, in both directions at once, and connections that come back
/// after a loss. Bytes are described in `docs/formats/rpc.md`.
///
/// Invariants: every call ends by its deadline, in a reply or an exception that says whether the
/// request may have been carried out; a sender is never more than a fixed number of parts ahead of
/// a stream's reader; the thread that receives never waits for the network.
@org.jspecify.annotations.NullMarked
package terrane.wire.rpc;
