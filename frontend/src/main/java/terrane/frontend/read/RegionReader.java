package terrane.frontend.read;

import terrane.core.catalog.Table;
import terrane.core.scan.ScanSpec;
import terrane.core.time.Clock;
import terrane.frontend.route.Calls;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.Partitions;
import terrane.query.select.ChunkStream;
import terrane.query.select.TableSource;

import java.time.Duration;
import java.util.Arrays;

/// Reads tables from the leaders of their regions, several at a time; regions that a query cannot
/// be about are not asked.
public final class RegionReader implements TableSource {
    private final RegionScan.World world;
    private final Duration atMost;

    /// @param atMost how long one scan may wait for leaders
    public RegionReader(CatalogCache cache, Calls calls, Clock clock, Duration atMost) {
        this.world = new RegionScan.World(cache, calls, clock);
        this.atMost = atMost;
    }

    @Override
    public ChunkStream scan(Table table, ScanSpec spec) {
        long deadline = world.clock().nanosAfter(atMost);
        var scans =
                Arrays.stream(new Partitions(table).mayHold(spec.predicates()))
                        .mapToObj(number -> table.id().region(number))
                        .map(region -> new RegionScan(world, region, spec, deadline))
                        .toList();
        return new MergedScan(scans);
    }
}
