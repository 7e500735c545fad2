package terrane.metasrv.node;

import terrane.wire.Reply;
import terrane.wire.datanode.Order;
import terrane.wire.rpc.RpcPeer;

import java.time.Duration;

/// The connection that a datanode opened, seen from the end that gives orders.
interface NodeLink {
    <R extends Reply> R call(Order<R> order, Duration atMost) throws InterruptedException;

    boolean isOpen();

    /// Has `task` run once when the connection is lost; at once if it is already.
    void onClosed(Runnable task);

    static NodeLink of(RpcPeer peer) {
        return new NodeLink() {
            @Override
            public <R extends Reply> R call(Order<R> order, Duration atMost)
                    throws InterruptedException {
                return peer.call(order, atMost);
            }

            @Override
            public boolean isOpen() {
                return peer.isOpen();
            }

            @Override
            public void onClosed(Runnable task) {
                peer.onClosed(task);
            }
        };
    }
}
