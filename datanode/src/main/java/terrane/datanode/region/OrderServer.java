package terrane.datanode.region;

import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.datanode.Order;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

/// Takes orders from the metasrv leader, over the connection that this node opened.
final class OrderServer implements RequestServer {
    private final RegionOrders orders;

    OrderServer(RegionOrders orders) {
        this.orders = orders;
    }

    @Override
    public Reply answer(Request<?> request, RpcPeer from) throws InterruptedException {
        if (request instanceof Order<?> order) {
            return orders.answer(order);
        }
        throw RequestServer.refusal(request);
    }
}
