package terrane.wire.rpc;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.wire.Reply;
import terrane.wire.Request;

/// Answers the requests of a peer. Called on a virtual thread of its own for each request, many at
/// once; an exception of type [TerraneException] reaches the caller as it was thrown.
public interface RequestServer {
    /// Answers a request that has one reply.
    ///
    /// @param from who asks; it can be asked in turn, for as long as it is open
    /// @return of the type that the request is declared with
    Reply answer(Request<?> request, RpcPeer from) throws InterruptedException;

    /// Answers a request that was opened as a stream, part by part; the stream ends on return.
    default void stream(Request<?> request, ReplySink parts, RpcPeer from)
            throws InterruptedException {
        throw refusal(request);
    }

    /// Refuses everything: for a peer that only asks.
    static RequestServer none() {
        return (request, from) -> {
            throw refusal(request);
        };
    }

    /// What to throw for a request that this role does not serve.
    static TerraneException.Rejected refusal(Request<?> request) {
        return TerraneException.rejected(
                ErrorCode.UNSUPPORTED,
                "this node does not serve %s",
                request.getClass().getSimpleName());
    }
}
