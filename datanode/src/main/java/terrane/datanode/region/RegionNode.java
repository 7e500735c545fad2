package terrane.datanode.region;

import org.apache.arrow.memory.BufferAllocator;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.time.Threads;
import terrane.datanode.Datanode;
import terrane.datanode.DatanodeConfig;
import terrane.datanode.lease.Heartbeats;
import terrane.datanode.lease.LeaseTable;
import terrane.datanode.lease.MetasrvSession;
import terrane.datanode.log.LogReading;
import terrane.datanode.log.PartitionTails;
import terrane.datanode.log.ProducerLanes;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestStore;
import terrane.engine.region.Duck;
import terrane.engine.region.RegionEngine;
import terrane.engine.region.Replica;
import terrane.engine.storage.FileCache;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.rpc.RequestServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Everything of a datanode that has to do with regions, put together.
public final class RegionNode implements AutoCloseable, Heartbeats.NodeReport, RegionCopy.GiveUps {
    private static final System.Logger LOG = System.getLogger(RegionNode.class.getName());

    /// A DuckDB call may take as long as a large flush does.
    private static final Duration STEP_TIMEOUT = Duration.ofMinutes(5);

    private static final Duration GIVE_UP = Duration.ofSeconds(2);

    private final Identity identity;
    private final Datanode.Outside outside;
    private final MetasrvSession session;
    private final BufferAllocator allocator;
    private final Regions regions = new Regions();
    private final Holds holds = new Holds();
    private final NodeTerms terms;
    private final Engines engines;
    private final ProducerLanes lanes;
    private final PartitionTails tails;
    private final Flusher flusher;
    private final Housekeeping housekeeping;
    private final HotFollowers hot;
    private final RegionOrders orders;
    private final NodeMetrics metrics;
    private final DataService data;

    /// Which node of which cluster this is, and where it is reached.
    public record Identity(ClusterId cluster, Node node, Address address) {}

    /// The local halves of storage: DuckDB and the folder that it may touch.
    private record Engines(RegionEngine engine, FileCache cache, Path flushing)
            implements AutoCloseable {
        static Engines open(
                DatanodeConfig config, Datanode.Outside outside, BufferAllocator allocator) {
            var limits = config.limits();
            var cached = made(config.folder().resolve("cache"));
            var flushing = made(config.folder().resolve("flushing"));
            var spill = made(config.folder().resolve("spill"));
            var settings =
                    new Duck.Settings(
                            limits.duckBytesMax(),
                            limits.duckThreads(),
                            spill,
                            List.of(cached, flushing, spill),
                            STEP_TIMEOUT);
            return new Engines(
                    outside.machine().engine(settings, allocator),
                    new FileCache(
                            outside.store(),
                            cached,
                            limits.cacheBytesMax(),
                            limits.regionFlushBytes()),
                    flushing);
        }

        private static Path made(Path folder) {
            try {
                return Files.createDirectories(folder).toAbsolutePath();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make folder: " + folder, e);
            }
        }

        @Override
        public void close() {
            engine.close();
            cache.close();
        }
    }

    public static RegionNode open(
            DatanodeConfig config,
            Datanode.Outside outside,
            Identity identity,
            LeaseTable leases,
            MetasrvSession session) {
        return new RegionNode(config, outside, identity, leases, session);
    }

    private RegionNode(
            DatanodeConfig config,
            Datanode.Outside outside,
            Identity identity,
            LeaseTable leases,
            MetasrvSession session) {
        this.identity = identity;
        this.outside = outside;
        this.session = session;
        this.terms = NodeTerms.of(leases, config.ack(), holds);
        var clock = outside.clock();
        var limits = config.limits();
        allocator = outside.machine().allocator();
        engines = Engines.open(config, outside, allocator);
        lanes = new ProducerLanes(outside.wal());
        metrics = new NodeMetrics(regions, holds, terms.poisons(), limits.memtableBytesMax());
        tails = new PartitionTails(reading());
        flusher =
                new Flusher(
                        regions,
                        engines.engine(),
                        outside.store(),
                        engines.cache(),
                        identity.node(),
                        clock,
                        new Flusher.Settings(
                                limits.regionFlushBytes(),
                                limits.memtableBytesMax() / 2,
                                engines.flushing(),
                                outside.randomness()));
        var source =
                new RegionSource(
                        identity.cluster(),
                        identity.node(),
                        outside.store(),
                        outside.wal(),
                        clock,
                        outside.randomness());
        var openings = new Openings(regions, this::copy, source, tails);
        var following = HotFollowers.Terms.usual(limits.memtableBytesMax() / 2);
        hot = new HotFollowers(regions, openings, lanes, clock, following);
        orders = new RegionOrders(regions, openings, leases, lanes, flusher, hot);
        data =
                new DataService(
                        identity.node(), regions, engines.engine(), engines.cache(), metrics);
        var orphans =
                new OrphanSweep(
                        outside.store(),
                        leases,
                        clock,
                        OrphanSweep.Terms.USUAL,
                        metrics::orphansDeleted);
        housekeeping =
                new Housekeeping(regions, leases, outside.wal(), identity.node(), clock, orphans);
        flusher.start();
        hot.start();
        housekeeping.start();
    }

    private LogReading reading() {
        return new LogReading(
                outside.wal(),
                identity.cluster(),
                outside.clock(),
                outside.machine().threads(),
                metrics);
    }

    private RegionCopy copy(ProcedureId procedure, Manifest manifest, ManifestStore manifests) {
        var who =
                new RegionIdentity(
                        identity.cluster(),
                        manifest.region(),
                        manifest.wal(),
                        identity.node(),
                        identity.address(),
                        procedure);
        return new RegionCopy(
                who, new Replica(manifest, allocator), manifests, terms, outside.clock(), this);
    }

    /// What frontends ask.
    public RequestServer data() {
        return data;
    }

    /// What the metasrv orders.
    public RequestServer orders() {
        return new OrderServer(orders);
    }

    /// Prometheus text format.
    public String metrics() {
        return metrics.scrape();
    }

    @Override
    public List<NodeRequest.Flushed> regions() {
        return regions.leading().stream().map(RegionNode::flushed).toList();
    }

    private static NodeRequest.Flushed flushed(RegionCopy copy) {
        var manifest = copy.replica().manifest();
        long bytes = manifest.files().stream().mapToLong(Manifest.DataFile::sizeBytes).sum();
        long rows = manifest.files().stream().mapToLong(Manifest.DataFile::rowCount).sum();
        return new NodeRequest.Flushed(
                copy.region(), manifest.flushed(), bytes, rows, manifest.skipped());
    }

    @Override
    public List<NodeRequest.Unreadable> unreadable() {
        return terms.poisons().all();
    }

    @Override
    public NodeRequest.Load load() {
        return new NodeRequest.Load(regions.size(), regions.memoryBytes());
    }

    /// Tells the metasrv at once. If that fails, the next heartbeat says that the epoch is final,
    /// which comes to the same.
    @Override
    public void gaveUp(RegionId region, Epoch epoch, String reason) {
        LOG.log(
                Level.WARNING,
                "gives up a region: region={0} epoch={1} reason={2}",
                region,
                epoch,
                reason);
        Threads.virtual("give-up-" + region, () -> tell(region, epoch, reason));
    }

    private void tell(RegionId region, Epoch epoch, String reason) {
        try {
            session.call(new NodeRequest.GiveUp(identity.node(), region, epoch, reason), GIVE_UP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TerraneException e) {
            LOG.log(Level.INFO, "the metasrv was not told: {0}", e.getMessage());
        }
    }

    @Override
    public void close() {
        flusher.close();
        hot.close();
        housekeeping.close();
        regions.close();
        tails.close();
        lanes.close();
        engines.close();
    }
}
