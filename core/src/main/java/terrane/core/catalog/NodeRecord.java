package terrane.core.catalog;

import terrane.core.Address;
import terrane.core.Incarnation;
import terrane.core.Node;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// One datanode as it is registered now. A peer id has one record, that of its newest incarnation.
///
/// @param started when it was registered, by the metasrv's wall clock; for people
/// @param storageProven whether it has read back what the metasrv wrote to the shared storage
/// @param left whether it said that it is going, so that none of its epochs is of use to it
/// @param superseded earlier incarnations, oldest first, which may not come back
public record NodeRecord(
        Node node,
        Address rpc,
        Address http,
        String version,
        Instant started,
        boolean storageProven,
        boolean left,
        List<Incarnation> superseded) {
    /// A process that was replaced and still lives gives up after its first refusal, so that more
    /// than a few at a time are a loop of restarts, in which the oldest are long gone.
    static final int SUPERSEDED_MAX = 16;

    public NodeRecord {
        superseded = List.copyOf(superseded);
    }

    /// Whether it may be chosen to lead: registered, on the shared storage, not on its way out.
    public boolean fit() {
        return storageProven && !left;
    }

    NodeRecord proven() {
        return new NodeRecord(node, rpc, http, version, started, true, left, superseded);
    }

    NodeRecord gone() {
        return new NodeRecord(node, rpc, http, version, started, storageProven, true, superseded);
    }

    /// What its successor remembers.
    List<Incarnation> andThisOne() {
        var all = new ArrayList<>(superseded);
        all.add(node.incarnation());
        while (all.size() > SUPERSEDED_MAX) {
            all.removeFirst();
        }
        return all;
    }
}
