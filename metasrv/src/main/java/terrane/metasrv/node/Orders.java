package terrane.metasrv.node;

import terrane.core.Node;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;

import java.time.Duration;

/// Gives orders to datanodes that are connected to this leader.
public interface Orders {
    /// Blocks until the node has answered.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if the node is not connected: it was not
    ///   told
    /// @throws terrane.core.TerraneException.Uncertain if no answer came, because the connection
    ///   was lost or the time was up
    /// @throws terrane.core.TerraneException as the node answered
    <R extends Reply> R order(Node node, Order<R> order, Duration atMost)
            throws InterruptedException;

    /// Whether the node is connected and its last heartbeat, or its registration, is younger than a
    /// lease.
    boolean alive(Node node);

    /// Has the node heartbeat at once, without waiting for it; does nothing if it is not connected.
    void nudge(Node node);
}
