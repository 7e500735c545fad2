package terrane.core.migration;

import terrane.core.PeerId;
import terrane.core.RegionId;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What was asked for; it never changes while the procedure runs.
///
/// @param source who led when it was asked for; empty for a region that has no leader
/// @param target who is to lead; for a failover the first choice, which may fail in its turn
/// @param submitted for people, and for the replay clock, on which no safety rests
public record Plan(
        RegionId region,
        Cause cause,
        Optional<PeerId> source,
        PeerId target,
        Limits limits,
        Instant submitted) {

    /// Why a region gets a leader.
    public enum Cause {
        CREATED(1),
        ORDERED(2),
        FAILED_OVER(3);

        private final int tag;

        Cause(int tag) {
            this.tag = tag;
        }

        public int tag() {
            return tag;
        }

        public static Optional<Cause> ofTag(int tag) {
            return java.util.Arrays.stream(values()).filter(cause -> cause.tag == tag).findFirst();
        }
    }

    /// What the one who asked put up with.
    ///
    /// @param replayTimeout one clock over Opening and CatchingUp
    /// @param maxPause the longest predicted write gap with which a handover may start
    /// @param dryRun open, replay, measure, discard; routes and writers are untouched
    public record Limits(Duration replayTimeout, Optional<Duration> maxPause, boolean dryRun) {
        /// As `ADMIN migrate_region` without a timeout.
        public static final Limits DEFAULT =
                new Limits(Duration.ofMinutes(5), Optional.empty(), false);
    }
}
