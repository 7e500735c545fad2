package terrane.frontend.write;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.RegionId;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Measures what clients wait for when a region's leader changes: of the writes that were sent
/// before the first acknowledgement under a new epoch, and were acknowledged under it, the one that
/// took longest. Told once for each change, when the last of these writes is done; nothing is told
/// where there was no such write.
final class GapMeter {
    /// Without an acknowledgement for so long before it was sent, a write that its first leader
    /// took at once has not met the change: it came to a region that nobody was writing to.
    static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();

    /// @param writes how many it is the worst of
    record Gap(RegionId region, Epoch epoch, Duration longest, long writes) {}

    /// A write that is not done. Each is one object, compared by identity.
    static final class Sent {
        private final long nanos;

        private Sent(long nanos) {
            this.nanos = nanos;
        }
    }

    private final RegionId region;
    private final Consumer<Gap> told;
    private final Set<Sent> inFlight = new HashSet<>();
    private Epoch epoch = Epoch.NONE;
    private long acknowledgedNanos;
    private @Nullable Cutover cutover;

    GapMeter(RegionId region, Consumer<Gap> told) {
        this.region = region;
        this.told = told;
    }

    /// The writes that a change of leader caught in flight.
    private static final class Cutover {
        final Epoch epoch;
        final Set<Sent> waiting;
        long longestNanos;
        long writes;

        Cutover(Epoch epoch, Set<Sent> waiting) {
            this.epoch = epoch;
            this.waiting = waiting;
        }
    }

    /// A write is about to be sent for the first time.
    synchronized Sent sent(long nanos) {
        var sent = new Sent(nanos);
        inFlight.add(sent);
        return sent;
    }

    /// @param under the epoch under which the leader acknowledged
    /// @param direct whether the first leader that was asked answered so
    synchronized void acknowledged(Sent sent, Epoch under, boolean direct, long nanos) {
        if (under.isAbove(epoch)) {
            boolean first = epoch.equals(Epoch.NONE);
            boolean idle = direct && sent.nanos - acknowledgedNanos > IDLE_NANOS;
            end();
            cutover = first || idle ? null : new Cutover(under, new HashSet<>(inFlight));
            epoch = under;
        }
        acknowledgedNanos = nanos;
        var open = cutover;
        if (open != null && open.epoch.equals(under) && open.waiting.contains(sent)) {
            open.longestNanos = Math.max(open.longestNanos, nanos - sent.nanos);
            open.writes++;
        }
        done(sent);
    }

    /// The write was given up, or refused.
    synchronized void failed(Sent sent) {
        done(sent);
    }

    private void done(Sent sent) {
        inFlight.remove(sent);
        var open = cutover;
        if (open != null && open.waiting.remove(sent) && open.waiting.isEmpty()) {
            end();
        }
    }

    private void end() {
        var open = cutover;
        cutover = null;
        if (open != null && open.writes > 0) {
            told.accept(
                    new Gap(region, open.epoch, Duration.ofNanos(open.longestNanos), open.writes));
        }
    }
}
