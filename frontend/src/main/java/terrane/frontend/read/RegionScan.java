package terrane.frontend.read;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;
import terrane.core.scan.ScanSpec;
import terrane.core.time.Clock;
import terrane.frontend.route.Calls;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.RegionLeader;
import terrane.wire.datanode.DataRequest.Scan;
import terrane.wire.datanode.DataRequest.ScanChunk;
import terrane.wire.metasrv.PoisonReport;
import terrane.wire.rpc.ReplyStream;

import java.time.Duration;
import java.util.Optional;

/// One scan of one region. Follows its leader until the first part is there; from then on a loss is
/// an error, for the rows that were handed out cannot be taken back. For one thread.
final class RegionScan implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(10);

    /// How long a leader may take for one part.
    private static final Duration PART_MAX = Duration.ofSeconds(30);

    /// What all scans share.
    record World(CatalogCache cache, Calls calls, Clock clock) {}

    private final World world;
    private final RegionId region;
    private final ScanSpec spec;
    private final long deadlineNanos;
    private @Nullable ReplyStream<ScanChunk> stream;
    private boolean started;

    RegionScan(World world, RegionId region, ScanSpec spec, long deadlineNanos) {
        this.world = world;
        this.region = region;
        this.spec = spec;
        this.deadlineNanos = deadlineNanos;
    }

    /// @return empty at the end
    /// @throws Unavailable if there is no leader in time, or the leader was lost in the middle:
    ///   then the whole query may be run again
    Optional<ScanChunk> next() throws InterruptedException {
        while (true) {
            var asked = Epoch.NONE;
            try {
                var open = stream;
                if (open == null) {
                    var leader = awaitLeader();
                    asked = leader.epoch();
                    open = open(leader);
                    stream = open;
                }
                var part = open.next();
                started = true;
                return part;
            } catch (NotLeader e) {
                e.hint().ifPresent(world.cache()::learn);
                again(asked, e, Duration.ZERO);
            } catch (Unavailable e) {
                again(asked, e, e.retryAfter());
            } catch (Uncertain e) {
                again(asked, e, PAUSE);
            } catch (Rejected e) {
                if (e.code() != ErrorCode.REGION_NOT_FOUND) {
                    throw e;
                }
                again(asked, e, PAUSE);
            }
        }
    }

    private ReplyStream<ScanChunk> open(RegionLeader leader) throws InterruptedException {
        var node = leader.leader().orElseThrow();
        var request = new Scan(region, leader.epoch(), node.node().incarnation(), spec);
        return world.calls().stream(node.address(), request, remaining(PART_MAX));
    }

    private RegionLeader awaitLeader() throws InterruptedException {
        while (true) {
            var known = world.cache().leader(region);
            if (known.isEmpty()) {
                throw TerraneException.rejected(
                        ErrorCode.TABLE_NOT_FOUND, "table of region %s is gone", region);
            }
            if (known.get().leader().isPresent()) {
                return known.get();
            }
            if (world.clock().passed(deadlineNanos)) {
                var why = world.cache().poison(region).map(PoisonReport::refusal);
                throw TerraneException.unavailable(
                        ErrorCode.TIMED_OUT,
                        "%s",
                        why.orElse("region %s has no leader".formatted(region)));
            }
            var below = new Epoch(Math.max(0, known.get().epoch().value() - 1));
            world.cache().awaitLeaderAbove(region, below, remaining(Duration.ofSeconds(1)));
        }
    }

    private void again(Epoch asked, TerraneException e, Duration atLeast)
            throws InterruptedException {
        close();
        stream = null;
        if (started || world.clock().passed(deadlineNanos)) {
            throw new Unavailable(
                    e.code(),
                    "region %s could not be read to its end: %s".formatted(region, e.text()),
                    PAUSE,
                    e);
        }
        var pause = atLeast.compareTo(PAUSE) > 0 ? atLeast : PAUSE;
        world.cache().awaitLeaderAbove(region, asked, remaining(pause));
    }

    private Duration remaining(Duration atMost) {
        var left = world.clock().until(deadlineNanos);
        return left.compareTo(atMost) < 0 ? left : atMost;
    }

    @Override
    public void close() {
        var open = stream;
        if (open != null) {
            open.close();
        }
    }
}
