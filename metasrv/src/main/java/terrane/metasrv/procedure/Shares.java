package terrane.metasrv.procedure;

import org.jspecify.annotations.Nullable;

import terrane.core.Node;
import terrane.core.WalPartition;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Gives the regions of one round of failovers away: evenly, and those of one WAL partition to one
/// node where that is even enough, because whoever gets any of them reads the partition once. So a
/// round reads each partition once, and one partition more for each node but the first.
///
/// Ask for the regions of one partition one after the other.
final class Shares {
    private final Vitals vitals;
    private final int shareMax;
    private final Map<Node, Integer> given = new HashMap<>();
    private @Nullable WalPartition partition;
    private Optional<Node> node = Optional.empty();

    /// @param regions how many are to be given away
    Shares(Vitals vitals, int regions) {
        this.vitals = vitals;
        int nodes = Math.max(1, vitals.fitCount());
        this.shareMax = (regions + nodes - 1) / nodes;
    }

    /// @param avoid chosen only if there is nobody else
    /// @return empty if there is nobody
    Optional<Node> next(WalPartition of, Node avoid) {
        boolean goesOn = of.equals(partition) && node.filter(this::hasRoom).isPresent();
        if (!goesOn) {
            partition = of;
            node = vitals.leastLoaded(Optional.of(avoid), given);
        }
        node.ifPresent(one -> given.merge(one, 1, Integer::sum));
        return node;
    }

    private boolean hasRoom(Node one) {
        return given.getOrDefault(one, 0) < shareMax;
    }
}
