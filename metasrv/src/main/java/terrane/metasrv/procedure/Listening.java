package terrane.metasrv.procedure;

import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.lease.LeaseTerms;
import terrane.core.lease.Suspicion;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// What this leader makes of each datanode's silence. It knows when it could not listen: whoever is
/// asked, or hears somebody, shows that it runs, and between two such moments there are 100 ms at
/// most ([Failover] looks that often). After a longer gap the process was paused, or the machine
/// slept, and every node may have spoken meanwhile: that time is nobody's silence.
///
/// Thread-safe. Lives for one leadership, so that no detector outlives what it was made for.
final class Listening {
    /// Five looks: longer than a scheduler's hiccup, shorter than any lease.
    private static final Duration DEAF_AFTER = Duration.ofMillis(500);

    private final Suspicion.Parameters parameters;
    private final LeaseTerms terms;
    private final Clock clock;

    /// One for each peer id that was heard or asked about: bounded by the cluster's nodes.
    private final Map<PeerId, Heard> nodes = new TreeMap<>();

    private long awakeNanos;

    private record Heard(Node node, Suspicion suspicion) {}

    Listening(Suspicion.Parameters parameters, LeaseTerms terms, Clock clock) {
        this.parameters = parameters;
        this.terms = terms;
        this.clock = clock;
        this.awakeNanos = clock.nanos();
    }

    /// Says that this process runs.
    void awake() {
        awakeAt(clock.nanos());
    }

    void heard(Node node) {
        long now = clock.nanos();
        awakeAt(now);
        heard(node, now);
    }

    /// Whether the node has been silent for so long that it is not to be waited for any more.
    boolean suspects(Node node) {
        long now = clock.nanos();
        awakeAt(now);
        return suspects(node, now);
    }

    /// How suspicious the silence of each known peer is.
    Map<PeerId, Double> phi() {
        long now = clock.nanos();
        awakeAt(now);
        return phi(now);
    }

    // The clock is read outside: who stands still there must not keep the others waiting.

    private synchronized void awakeAt(long now) {
        long gap = now - awakeNanos;
        if (gap > DEAF_AFTER.toNanos()) {
            nodes.values().forEach(heard -> heard.suspicion().deaf(Duration.ofNanos(gap), now));
        }
        awakeNanos = gap > 0 ? now : awakeNanos;
    }

    private synchronized void heard(Node node, long now) {
        of(node, now).heard(now);
    }

    private synchronized boolean suspects(Node node, long now) {
        return of(node, now).suspects(now);
    }

    private synchronized Map<PeerId, Double> phi(long now) {
        var found = new TreeMap<PeerId, Double>();
        nodes.forEach((peer, heard) -> found.put(peer, heard.suspicion().phi(now)));
        return found;
    }

    /// Another incarnation is another node: nothing is held against it.
    private Suspicion of(Node node, long now) {
        var known = nodes.get(node.peer());
        if (known == null || !known.node().equals(node)) {
            known = new Heard(node, new Suspicion(parameters, terms, now));
            nodes.put(node.peer(), known);
        }
        return known.suspicion();
    }
}
