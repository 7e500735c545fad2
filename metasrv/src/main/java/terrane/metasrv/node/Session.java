package terrane.metasrv.node;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.wire.metasrv.NodeRequest.Heartbeat;
import terrane.wire.metasrv.NodeRequest.Load;
import terrane.wire.metasrv.NodeRequest.RegionEpoch;

import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/// One datanode's connection under this leadership, and the set of leases that it wants.
final class Session {
    /// All regions of a large cluster; more is a broken peer.
    private static final int WANTED_MAX = 100_000;

    private final Node node;
    private final NodeLink link;
    private final TreeMap<RegionId, Epoch> wanted = new TreeMap<>();
    private long setVersion;
    private long lastNumber;
    private long seenNanos;
    private Instant seen;
    private Load load = new Load(0, 0);

    Session(Node node, NodeLink link, long nanos, Instant now) {
        this.node = node;
        this.link = link;
        this.seenNanos = nanos;
        this.seen = now;
    }

    Node node() {
        return node;
    }

    NodeLink link() {
        return link;
    }

    /// Applies the changes that the heartbeat carries to the set.
    ///
    /// @return whether the set is now the one that the heartbeat speaks of
    synchronized boolean advance(Heartbeat heartbeat) {
        boolean startsOver = heartbeat.baseVersion() == 0;
        boolean follows = startsOver || heartbeat.baseVersion() == setVersion;
        if (heartbeat.number() <= lastNumber || !follows) {
            return false;
        }
        lastNumber = heartbeat.number();
        if (startsOver) {
            wanted.clear();
        }
        heartbeat.removed().forEach(gone -> wanted.remove(gone.region(), gone.epoch()));
        heartbeat.added().forEach(added -> wanted.put(added.region(), added.epoch()));
        if (wanted.size() > WANTED_MAX) {
            wanted.clear();
            setVersion = 0;
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE, "more than %d leases wanted: node=%s", WANTED_MAX, node);
        }
        setVersion = heartbeat.setVersion();
        load = heartbeat.load();
        return true;
    }

    synchronized void seen(long nanos, Instant now) {
        seenNanos = nanos;
        seen = now;
    }

    /// In order of their regions; a copy.
    synchronized List<RegionEpoch> wanted() {
        return wanted.entrySet().stream()
                .map(entry -> new RegionEpoch(entry.getKey(), entry.getValue()))
                .toList();
    }

    synchronized long setVersion() {
        return setVersion;
    }

    synchronized long seenNanos() {
        return seenNanos;
    }

    synchronized Registry.Seen view() {
        return new Registry.Seen(node, seen, load);
    }
}
