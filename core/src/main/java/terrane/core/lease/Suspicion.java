package terrane.core.lease;

import java.time.Duration;

/// How suspicious the silence of one node is, judged by how regularly it was heard before: a
/// phi-accrual failure detector (Hayashibara et al., 2004). Nothing that is safe rests on it;
/// leases do that.
///
/// Not thread-safe.
public final class Suspicion {
    /// So many of the last intervals count: a minute of heartbeats at the default lease, 1 KiB.
    private static final int INTERVALS_MAX = 120;

    /// What is suspicious.
    ///
    /// @param phi a node is suspected when the chance that it is heard yet is below 10 to the minus
    ///   this
    /// @param pause a silence that is never suspicious by itself: a collector, a busy disk
    public record Parameters(double phi, Duration pause) {
        /// One wrong suspicion in 10^8 heartbeats, and a pause of two heartbeats at the default
        /// lease. A node that is heard every sixth of such a lease is suspected before its lease
        /// lapses, so that nothing is lost by waiting for the suspicion.
        public static final Parameters USUAL = new Parameters(8, Duration.ofSeconds(1));
    }

    private final Parameters parameters;
    private final LeaseTerms terms;
    private final double[] intervals = new double[INTERVALS_MAX];
    private int heard;
    private long lastNanos;

    /// @param terms say how often the node is to be heard, until it is known how often it is
    public Suspicion(Parameters parameters, LeaseTerms terms, long nowNanos) {
        this.parameters = parameters;
        this.terms = terms;
        this.lastNanos = nowNanos;
        add((double) terms.heartbeatInterval().toNanos());
    }

    /// The node was heard. A silence of more than a lease says that it was away, and nothing about
    /// its rhythm.
    public void heard(long nanos) {
        if (nanos - lastNanos > 0) {
            add((double) Math.min(nanos - lastNanos, terms.duration().toNanos()));
            lastNanos = nanos;
        }
    }

    private void add(double interval) {
        intervals[heard % INTERVALS_MAX] = interval;
        heard++;
        if (heard == 2 * INTERVALS_MAX) {
            heard = INTERVALS_MAX;
        }
    }

    /// Nobody listened for so long until now: this process stood still, or its machine slept.
    public void deaf(Duration silence, long nowNanos) {
        lastNanos += Math.min(nowNanos - lastNanos, silence.toNanos());
    }

    /// Minus the decimal logarithm of the chance that the node is still to be heard, if intervals
    /// are distributed normally; infinite far out.
    public double phi(long nowNanos) {
        double late = nowNanos - lastNanos - mean() - parameters.pause().toNanos();
        double y = late / deviation();
        // A logistic approximation of the normal distribution, good to a hundredth.
        double e = Math.exp(-y * (1.5976 + 0.070566 * y * y));
        return y > 0 ? -Math.log10(e / (1 + e)) : -Math.log10(1 - 1 / (1 + e));
    }

    /// Whether the silence is suspicious, or has lasted for two leases, which is too much for any
    /// rhythm.
    public boolean suspects(long nowNanos) {
        return nowNanos - lastNanos >= 2 * terms.duration().toNanos()
                || phi(nowNanos) >= parameters.phi();
    }

    private int known() {
        return Math.min(heard, INTERVALS_MAX);
    }

    private double mean() {
        double sum = 0;
        for (int i = 0; i < known(); i++) {
            sum += intervals[i];
        }
        return sum / known();
    }

    /// A quarter of an interval at least: a perfect rhythm is no promise.
    private double deviation() {
        double mean = mean();
        double squares = 0;
        for (int i = 0; i < known(); i++) {
            squares += (intervals[i] - mean) * (intervals[i] - mean);
        }
        return Math.max(Math.sqrt(squares / known()), terms.heartbeatInterval().toNanos() / 4.0);
    }
}
