package terrane.metasrv.node;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.RegionId;

/// Is told what may be a reason to give regions another leader. Every method returns at once and
/// may be called by many threads.
public interface FailureWatcher {
    /// The node has registered, or has connected again.
    void arrived(Node node);

    /// A heartbeat of the node was answered at `nanos`.
    void heartbeat(Node node, long nanos);

    /// The node's connection is lost; it may come back on another.
    void disconnected(Node node);

    /// The node said that it goes, or another incarnation has taken its peer id.
    void left(Node node);

    /// The node leads the region no more, because an append has an unknown outcome; its epoch is
    /// final.
    void gaveUp(Node node, RegionId region, Epoch epoch, String reason);
}
