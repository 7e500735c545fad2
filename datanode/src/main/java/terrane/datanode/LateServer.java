package terrane.datanode;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.rpc.ReplySink;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

/// A door that is there before there is a room behind it: a node must listen to know the address
/// that it registers under, and must be registered to know what it serves.
final class LateServer implements RequestServer {
    private volatile RequestServer behind = RequestServer.none();
    private volatile boolean open;

    void open(RequestServer server) {
        behind = server;
        open = true;
    }

    void shut() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    private RequestServer server() {
        if (!open) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY, "this node is starting or shutting down");
        }
        return behind;
    }

    @Override
    public Reply answer(Request<?> request, RpcPeer from) throws InterruptedException {
        return server().answer(request, from);
    }

    @Override
    public void stream(Request<?> request, ReplySink parts, RpcPeer from)
            throws InterruptedException {
        server().stream(request, parts, from);
    }
}
