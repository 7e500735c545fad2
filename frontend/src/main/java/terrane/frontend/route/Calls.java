package terrane.frontend.route;

import terrane.core.Address;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.rpc.ReplyStream;

import java.time.Duration;

/// Asks one node and waits for its answer. Requests of one thread to one address arrive in order.
public interface Calls {
    /// @param atMost how long to wait for the answer, the time to connect included
    /// @throws terrane.core.TerraneException what the node answered; `Unavailable` also if the
    ///   request was surely not carried out, because there is no connection; `Uncertain` if it may
    ///   have been, because the connection was lost or no answer came in time
    <R extends Reply> R call(Address to, Request<R> request, Duration atMost)
            throws InterruptedException;

    /// Asks for a stream of parts.
    ///
    /// @param atMost for the request to be sent, and then for each part
    /// @throws terrane.core.TerraneException as [#call]; what comes later is thrown by the stream
    <R extends Reply> ReplyStream<R> stream(Address to, Request<R> request, Duration atMost)
            throws InterruptedException;
}
