package terrane.core;

/// One run of one datanode: who may hold a lease. Two nodes with one peer id are different nodes.
public record Node(PeerId peer, Incarnation incarnation) {
    @Override
    public String toString() {
        return peer + "@" + incarnation.toString().substring(0, 8);
    }
}
