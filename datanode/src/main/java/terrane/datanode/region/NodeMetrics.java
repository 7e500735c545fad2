package terrane.datanode.region;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.datanode.log.TailMeter;

/// What the node does, counted; and the refusal of writes that would not fit into memory.
final class NodeMetrics implements DataService.Load, TailMeter {
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Regions regions;
    private final long memtableBytesMax;
    private final Counter writes;
    private final Counter writtenBytes;
    private final Counter scannedRows;
    private final Counter orphans;
    private final Counter walReadBytes;
    private final Counter walForeign;
    private final Counter walDamaged;

    NodeMetrics(Regions regions, Holds holds, Poisons poisons, long memtableBytesMax) {
        this.regions = regions;
        this.memtableBytesMax = memtableBytesMax;
        writes = Counter.builder("terrane_datanode_writes").register(registry);
        writtenBytes = Counter.builder("terrane_datanode_written_bytes").register(registry);
        scannedRows = Counter.builder("terrane_datanode_scanned_rows").register(registry);
        orphans = Counter.builder("terrane_datanode_orphan_files_deleted").register(registry);
        walReadBytes = Counter.builder("terrane_wal_read_bytes").register(registry);
        walForeign = Counter.builder("terrane_wal_foreign_records").register(registry);
        walDamaged = Counter.builder("terrane_wal_damaged_reads").register(registry);
        FunctionCounter.builder("terrane_wal_poison_records", poisons, Poisons::foundCount)
                .register(registry);
        FunctionCounter.builder("terrane_wal_skipped_records", poisons, Poisons::skippedCount)
                .register(registry);
        Gauge.builder("terrane_datanode_memtable_bytes", regions, Regions::memoryBytes)
                .register(registry);
        Gauge.builder("terrane_datanode_follower_bytes", regions, Regions::hotBytes)
                .register(registry);
        Gauge.builder("terrane_datanode_leading_regions", regions, Regions::leadingCount)
                .register(registry);
        Gauge.builder("terrane_datanode_held_bytes", holds, Holds::heldBytes).register(registry);
    }

    @Override
    public void admit() {
        long bytes = regions.memoryEstimateBytes();
        if (bytes > memtableBytesMax) {
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED,
                    "too many rows wait to be flushed: bytes=%d bytes_max=%d",
                    bytes,
                    memtableBytesMax);
        }
    }

    @Override
    public void wrote(int bytes) {
        regions.wrote(bytes);
        writes.increment();
        writtenBytes.increment(bytes);
    }

    @Override
    public void scanned(long rows) {
        scannedRows.increment((double) rows);
    }

    @Override
    public void read(long bytes) {
        walReadBytes.increment((double) bytes);
    }

    @Override
    public void foreign() {
        walForeign.increment();
    }

    @Override
    public void damaged() {
        walDamaged.increment();
    }

    /// Files of failed flushes.
    void orphansDeleted(int files) {
        orphans.increment(files);
    }

    /// Prometheus text format.
    String scrape() {
        return registry.scrape();
    }
}
