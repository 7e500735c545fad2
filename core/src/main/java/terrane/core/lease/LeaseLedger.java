package terrane.core.lease;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.RegionId;

import java.time.Duration;
import java.util.TreeMap;
import java.util.TreeSet;

/// What one metasrv leader remembers of the leases that it granted, and so knows when they have
/// lapsed. Made anew with each leadership; what earlier leaders granted is unknown to it.
///
/// A grant is to be entered under the lock under which the decision was made, before its answer
/// leaves: whoever commits another leader for the region afterwards then finds it here.
///
/// Thread-safe.
public final class LeaseLedger {
    /// Of one region's final epochs the newest are remembered: for older ones the catalog grants
    /// nothing anyway.
    private static final int FINALS_MAX = 8;

    private final LeaseTerms terms;
    private final long unknownUntilNanos;
    private final TreeMap<RegionId, TreeMap<Epoch, Long>> deadlines = new TreeMap<>();
    private final TreeMap<RegionId, TreeSet<Epoch>> finals = new TreeMap<>();
    private final TreeMap<Node, Long> answered =
            new TreeMap<>(
                    java.util.Comparator.comparing(Node::peer).thenComparing(Node::incarnation));

    /// @param terms of all leases that are entered here
    /// @param longestEver the longest lease that any leader before may have granted
    /// @param sinceNanos when this leadership began: from there on nobody else grants anything
    public LeaseLedger(LeaseTerms terms, Duration longestEver, long sinceNanos) {
        this.terms = terms;
        this.unknownUntilNanos = sinceNanos + new LeaseTerms(longestEver).honoured().toNanos();
    }

    public LeaseTerms terms() {
        return terms;
    }

    /// Enters a grant or a renewal that is answered at `answeredAtNanos` or before.
    public synchronized void grant(RegionId region, Epoch epoch, long answeredAtNanos) {
        var known = deadlines.computeIfAbsent(region, _ -> new TreeMap<>());
        known.merge(epoch, deadline(answeredAtNanos), LeaseLedger::later);
        known.headMap(epoch).values().removeIf(lower -> answeredAtNanos - lower >= 0);
    }

    /// Enters that a heartbeat of `node` is answered, whatever it renews.
    public synchronized void answered(Node node, long answeredAtNanos) {
        answered.merge(node, deadline(answeredAtNanos), LeaseLedger::later);
    }

    private long deadline(long answeredAtNanos) {
        return answeredAtNanos + terms.honoured().toNanos();
    }

    private static long later(long one, long other) {
        return one - other >= 0 ? one : other;
    }

    /// Enters the holder's own word that it will never again acknowledge under `epoch`.
    public synchronized void finalized(RegionId region, Epoch epoch) {
        var known = deadlines.get(region);
        if (known != null) {
            known.remove(epoch);
        }
        var marks = finals.computeIfAbsent(region, _ -> new TreeSet<>());
        marks.add(epoch);
        if (marks.size() > FINALS_MAX) {
            marks.pollFirst();
        }
    }

    public synchronized boolean isFinal(RegionId region, Epoch epoch) {
        var marks = finals.get(region);
        return marks != null && marks.contains(epoch);
    }

    /// Whether nobody can hold a lease for the region under any epoch below `below`.
    public boolean lapsed(RegionId region, Epoch below, long nowNanos) {
        return untilLapsed(region, below, nowNanos).isZero();
    }

    /// How long it takes at most until [#lapsed], if nothing more is granted.
    public synchronized Duration untilLapsed(RegionId region, Epoch below, long nowNanos) {
        if (!below.isAbove(Epoch.NONE.next())) {
            return Duration.ZERO; // there has never been a lower epoch
        }
        long until = Math.max(0, unknownUntilNanos - nowNanos);
        var known = deadlines.get(region);
        if (known != null) {
            for (long deadline : known.headMap(below).values()) {
                until = Math.max(until, deadline - nowNanos);
            }
        }
        return Duration.ofNanos(until);
    }

    /// Whether no lease of any region that was granted to this incarnation can still be held.
    public synchronized boolean lapsed(Node node, long nowNanos) {
        return untilLapsed(node, nowNanos).isZero();
    }

    /// How long it takes at most until [#lapsed], if it is answered no more.
    public synchronized Duration untilLapsed(Node node, long nowNanos) {
        long until = Math.max(0, unknownUntilNanos - nowNanos);
        var deadline = answered.get(node);
        return Duration.ofNanos(deadline == null ? until : Math.max(until, deadline - nowNanos));
    }

    /// What the holder surely still has of a lease that this leader granted, if its clock and ours
    /// drift no further apart than assumed; zero for one that is unknown.
    ///
    /// @param sentBefore how long before its answer the heartbeat may have been sent
    public synchronized Duration remaining(
            RegionId region, Epoch epoch, Duration sentBefore, long nowNanos) {
        var known = deadlines.get(region);
        var deadline = known == null ? null : known.get(epoch);
        if (deadline == null) {
            return Duration.ZERO;
        }
        var drift = terms.honoured().minus(terms.duration());
        var left =
                Duration.ofNanos(deadline - nowNanos)
                        .minus(drift.multipliedBy(2))
                        .minus(sentBefore);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Forgets a region that is gone for good.
    public synchronized void forget(RegionId region) {
        deadlines.remove(region);
        finals.remove(region);
    }

    /// Forgets an incarnation that was replaced or has left.
    public synchronized void forget(Node node) {
        answered.remove(node);
    }
}
