package terrane.frontend.route;

import terrane.core.Address;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.rpc.Connections;
import terrane.wire.rpc.Connections.Lane;
import terrane.wire.rpc.ReplyStream;

import java.time.Duration;

/// Asks over kept connections; rows come on connections of their own, so that a large scan never
/// stands before a write.
public final class WireCalls implements Calls {
    private final Connections connections;

    /// @param connections closed by whoever made it
    public WireCalls(Connections connections) {
        this.connections = connections;
    }

    @Override
    public <R extends Reply> R call(Address to, Request<R> request, Duration atMost)
            throws InterruptedException {
        return connections.to(to, Lane.ORDERED).call(request, atMost);
    }

    @Override
    public <R extends Reply> ReplyStream<R> stream(Address to, Request<R> request, Duration atMost)
            throws InterruptedException {
        return connections.to(to, Lane.SCANS).stream(request, atMost);
    }
}
