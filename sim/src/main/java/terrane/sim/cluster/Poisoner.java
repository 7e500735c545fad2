package terrane.sim.cluster;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.RegionRecord;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WalRecordCodec;
import terrane.metasrv.LeaderDuties;
import terrane.metasrv.procedure.MigrationRequests;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Puts records into the log that nobody can read, one at a time, and ends the leader of the region
/// that they name, so that another has to read them. Then plays the operator: sees the region wait,
/// looks whether the others go on, and gives the record up after a while.
final class Poisoner {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /// Until the leader ends: a migration may come first.
    private static final Duration END_MAX = Duration.ofSeconds(4);

    /// Until whoever leads by then ends as well: the first end may have met nobody.
    private static final Duration MET_MAX = Duration.ofSeconds(15);

    /// Longer than those who were led by the same node need to be led again.
    private static final Duration WAIT_MIN = Duration.ofSeconds(8);

    private static final Duration WAIT_MAX = Duration.ofSeconds(14);
    private static final Duration RESTART_MAX = Duration.ofSeconds(2);

    private final SimCluster cluster;
    private final boolean alone;
    private @Nullable Poison now;
    private boolean over;

    /// The record that is there now.
    private static final class Poison {
        final RegionId region;
        final WalOffset offset;
        final Runnable told;
        long foundNanos = Long.MAX_VALUE;
        long skipNanos = Long.MAX_VALUE;

        /// How many writes of each region were acknowledged when it was found.
        Map<RegionId, Long> acknowledged = Map.of();

        Poison(RegionId region, WalOffset offset, Runnable told) {
            this.region = region;
            this.offset = offset;
            this.told = told;
        }

        boolean isFound() {
            return foundNanos != Long.MAX_VALUE;
        }
    }

    /// @param alone whether there are no other faults, so that every other region must go on
    Poisoner(SimCluster cluster, boolean alone) {
        this.cluster = cluster;
        this.alone = alone;
    }

    void start() {
        cluster.world()
                .after(
                        LOOK_EVERY,
                        () -> {
                            look();
                            start();
                        });
    }

    /// @param told when the region waits
    void strike(Runnable told) {
        var leader = now == null ? cluster.catalog(this::led).flatMap(some -> some) : none();
        if (leader.isEmpty()) {
            return;
        }
        var region = leader.get();
        var record = unreadable(region);
        var offset = cluster.broker().partition(region.wal()).appendUnreadable(record);
        cluster.observer().unreadable(region.id(), offset);
        long nanos = cluster.world().nowNanos();
        cluster.world().trace().say(nanos, "poison " + region.id() + " " + offset);
        var poison = new Poison(region.id(), offset, told);
        now = poison;
        cluster.world()
                .after(
                        cluster.world().chance().between(Duration.ZERO, END_MAX),
                        () -> endUntilMet(poison));
    }

    private static Optional<RegionRecord> none() {
        return Optional.empty();
    }

    private Optional<RegionRecord> led(Catalog catalog) {
        var led =
                catalog.regions().stream()
                        .filter(region -> region.leadership() instanceof Leadership.Led)
                        .toList();
        return led.isEmpty() ? Optional.empty() : Optional.of(cluster.world().chance().pick(led));
    }

    /// Rows, by a program of a later version, or cut off in the middle.
    private byte[] unreadable(RegionRecord region) {
        var header = new WalRecord.Header(region.id(), region.lastEpoch(), 1_000_000);
        var rows = new WalRecord.Rows(header, 1, Optional.empty(), new byte[] {1, 2, 3});
        var id = cluster.catalog(Catalog::cluster).flatMap(some -> some).orElseThrow();
        var bytes = WalRecordCodec.encode(id, rows);
        if (cluster.world().chance().percent(50)) {
            bytes[0] = Byte.MAX_VALUE;
            return bytes;
        }
        return Arrays.copyOf(bytes, bytes.length - 2);
    }

    /// Until the record was met, or is in files, so that nobody will meet it: one that is forgotten
    /// before would be met when nobody looks after it any more.
    private void endUntilMet(Poison poison) {
        if (over || poison != now || poison.isFound()) {
            return;
        }
        end(poison.region);
        cluster.world().after(MET_MAX, () -> endUntilMet(poison));
    }

    /// Ends nobody any more, and is the operator until the end.
    void stop() {
        over = true;
    }

    /// Whoever leads by now, and has no reason to read the log.
    private void end(RegionId region) {
        cluster.catalog(catalog -> catalog.region(region))
                .flatMap(found -> found)
                .map(RegionRecord::leadership)
                .filter(Leadership.Led.class::isInstance)
                .map(led -> ((Leadership.Led) led).leader().peer())
                .flatMap(peer ->
                        cluster.datanodes().stream()
                                .filter(host -> host.peer().equals(peer))
                                .findFirst())
                .ifPresent(host ->
                        host.kill(cluster.world().chance().between(Duration.ZERO, RESTART_MAX)));
    }

    private void look() {
        var poison = now;
        var leading = cluster.metasrvLeader().flatMap(MetasrvHost::leading);
        if (poison == null || leading.isEmpty()) {
            return;
        }
        long nanos = cluster.world().nowNanos();
        boolean waits =
                leading.get().clients().poisons().waiting().stream()
                        .anyMatch(each ->
                                each.region().equals(poison.region)
                                        && each.offset().equals(poison.offset));
        if (waits && !poison.isFound()) {
            found(poison, nanos);
        } else if (waits && nanos > poison.skipNanos) {
            poison.skipNanos = nanos + WAIT_MIN.toNanos(); // unless it is lost with a leader
            skip(poison, leading.get());
        } else if (!waits && cluster.manifests().passes(poison.region, poison.offset)) {
            now = null;
        }
    }

    private void found(Poison poison, long nanos) {
        poison.foundNanos = nanos;
        poison.acknowledged = acknowledged();
        poison.skipNanos = nanos + cluster.world().chance().between(WAIT_MIN, WAIT_MAX).toNanos();
        poison.told.run();
    }

    private Map<RegionId, Long> acknowledged() {
        var counts = new TreeMap<RegionId, Long>();
        cluster.catalog(catalog -> List.copyOf(catalog.regions())).orElse(List.of()).stream()
                .map(RegionRecord::id)
                .forEach(region -> counts.put(region, cluster.observer().acknowledged(region)));
        return counts;
    }

    private void checkOthersGoOn(Poison poison) {
        acknowledged()
                .forEach((region, count) -> {
                    if (!region.equals(poison.region)
                            && count.equals(poison.acknowledged.get(region))) {
                        cluster.world()
                                .fail(
                                        "a region waits at a record, and another with it: region=%s"
                                                .formatted(region));
                    }
                });
    }

    private void skip(Poison poison, LeaderDuties leading) {
        if (alone) {
            checkOthersGoOn(poison);
        }
        var process = cluster.metasrvLeader().map(SimHost::process).orElse(null);
        if (process != null) {
            process.spawn("operator", () -> skip(poison, leading.migrations()));
        }
    }

    private void skip(Poison poison, MigrationRequests requests) {
        refused(poison, requests);
        try {
            requests.skip(poison.region, poison.offset);
        } catch (TerraneException e) {
            cluster.world().trace().say(cluster.world().nowNanos(), "not skipped " + e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// No other record is given up by mistake.
    private void refused(Poison poison, MigrationRequests requests) {
        try {
            requests.skip(poison.region, poison.offset.next());
            cluster.world().fail("another record is given up: " + poison.region);
        } catch (TerraneException e) {
            if (e.code() != ErrorCode.INVALID_ARGUMENT) {
                cluster.world().fail("another record is not refused: " + e.text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
