package terrane.metasrv.node;

import terrane.core.Node;
import terrane.core.PeerId;
import terrane.wire.metasrv.NodeRequest.Unreadable;

import java.util.List;
import java.util.TreeMap;

/// Copies of regions that have stopped at a record that cannot be read, as their nodes say: also of
/// regions that somebody else leads, which nobody would notice until that leader is lost.
public final class StoppedCopies {
    /// The last word of each datanode, each of which names a bounded number.
    private final TreeMap<PeerId, Said> said = new TreeMap<>();

    private record Said(Node node, List<Unreadable> unreadable) {}

    /// A copy on a node, and the record that it has stopped at.
    public record Stopped(Node node, Unreadable at) {}

    /// All that the node remembers.
    public synchronized void add(Node node, List<Unreadable> unreadable) {
        if (unreadable.isEmpty()) {
            said.remove(node.peer());
        } else {
            said.put(node.peer(), new Said(node, unreadable));
        }
    }

    /// In the order of their nodes.
    public synchronized List<Stopped> all() {
        return said.values().stream()
                .flatMap(each -> each.unreadable().stream().map(at -> new Stopped(each.node(), at)))
                .toList();
    }
}
