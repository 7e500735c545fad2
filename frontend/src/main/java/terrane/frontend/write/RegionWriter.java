package terrane.frontend.write;

import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.catalog.Table;
import terrane.core.time.Clock;
import terrane.frontend.route.Calls;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.Partitions;
import terrane.frontend.write.WriteReport.RegionReport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Writes rows to the leaders of their regions. A change of leader costs a client time, never an
/// error, as long as there is a leader again before the deadline. Safe for many threads.
public final class RegionWriter {
    /// Regions that were written once and are known no more are forgotten beyond so many.
    private static final int STRANGERS_MAX = 1_024;

    /// Tables whose rules are kept ready; beyond so many all are made anew.
    private static final int PARTITIONS_MAX = 10_000;

    private final PartSender.World world;
    private final WriteLimits limits;
    private final ByteBudget budget;
    private final Consumer<GapMeter.Gap> gaps;
    private final ConcurrentHashMap<TableId, Partitions> partitions = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RegionId, RegionTraffic> traffic = new ConcurrentHashMap<>();

    /// @param budget of the whole frontend, shared with whoever holds the bodies of requests
    public RegionWriter(
            CatalogCache cache,
            Calls calls,
            Clock clock,
            WriteLimits limits,
            ByteBudget budget,
            WriteMeters meters,
            GapReporter gaps) {
        this.world = new PartSender.World(cache, calls, clock, meters);
        this.limits = limits;
        this.budget = budget;
        this.gaps = gaps::report;
    }

    /// Blocks until every row is in the log of its region.
    ///
    /// @throws TerraneException whose message names, where some were written, which were and which
    ///   were not: `Rejected` if repeating the request cannot help, `Unavailable` if nothing was
    ///   written, `Uncertain` otherwise
    public WriteAnswer write(List<TableRows> tables, WriteKeys.RequestKeys keys)
            throws InterruptedException {
        var regions = new ArrayList<>(Splitter.split(tables, this::partitionsOf).values());
        long bytes =
                regions.stream().flatMap(List::stream).mapToLong(part -> part.batch().length).sum();
        try (var _ = budget.hold(bytes)) {
            var reports = sendAll(regions, keys);
            WriteReport.check(reports);
            return new WriteAnswer(
                    reports.stream().mapToLong(RegionReport::writtenRows).sum(),
                    reports.stream().map(RegionReport::acknowledged).toList());
        }
    }

    /// Made once for each version of a table.
    private Partitions partitionsOf(Table table) {
        if (partitions.size() > PARTITIONS_MAX) {
            partitions.clear();
        }
        var cached = partitions.get(table.id());
        if (cached == null || !cached.table().equals(table)) {
            cached = new Partitions(table);
            partitions.put(table.id(), cached);
        }
        return cached;
    }

    private List<RegionReport> sendAll(List<List<Part>> regions, WriteKeys.RequestKeys keys)
            throws InterruptedException {
        long deadline = world.clock().nanosAfter(limits.deadline());
        if (regions.size() == 1) {
            return List.of(send(regions.getFirst(), keys, deadline));
        }
        var reports = new ArrayList<RegionReport>(regions.size());
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<RegionReport>>(regions.size());
            try {
                for (var parts : regions) {
                    running.add(tasks.submit(() -> send(parts, keys, deadline)));
                }
                for (var report : running) {
                    reports.add(report.get());
                }
            } catch (InterruptedException e) {
                tasks.shutdownNow();
                throw e;
            } catch (ExecutionException e) {
                tasks.shutdownNow();
                throw new IllegalStateException("sending to a region failed", e.getCause());
            }
        }
        return reports;
    }

    /// One part after the other: rows with one key must land in the order in which they came.
    private RegionReport send(List<Part> parts, WriteKeys.RequestKeys keys, long deadline)
            throws InterruptedException {
        var first = parts.getFirst();
        long total = parts.stream().mapToLong(Part::rowCount).sum();
        long bytes = parts.stream().mapToLong(part -> part.batch().length).sum();
        var report = new RegionReport(first.region(), first.table(), total);
        var ofRegion = trafficOf(first.region());
        try (var _ = ofRegion.budget.hold(bytes)) {
            for (var part : parts) {
                report.trying(part.rowCount());
                var under = new PartSender(world, part, keys, ofRegion, deadline).send();
                report.written(part.rowCount(), under);
            }
        } catch (TerraneException e) {
            report.failed(e);
        }
        return report;
    }

    private RegionTraffic trafficOf(RegionId region) {
        if (traffic.size() > world.cache().regionCount() + STRANGERS_MAX) {
            traffic.keySet().removeIf(known -> world.cache().leader(known).isEmpty());
        }
        return traffic.computeIfAbsent(
                region, id -> new RegionTraffic(id, limits.regionHeldBytesMax(), gaps));
    }
}
