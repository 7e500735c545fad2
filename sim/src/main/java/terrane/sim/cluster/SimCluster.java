package terrane.sim.cluster;

import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Procedure;
import terrane.core.catalog.RegionRecord;
import terrane.datanode.Ack;
import terrane.sim.engine.WorldMemory;
import terrane.sim.log.SimBroker;
import terrane.sim.net.Network;
import terrane.sim.raft.SimRaft;
import terrane.sim.storage.SimStorage;
import terrane.sim.world.World;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// A cluster in a world of its own.
public final class SimCluster implements AutoCloseable {
    public static final Duration LEASE = Duration.ofSeconds(3);

    private final World world;
    private final Surroundings around;
    private final ManifestWatch manifests;
    private final List<MetasrvHost> metasrvs;
    private final List<DatanodeHost> datanodes;
    private final List<FrontendHost> frontends;
    private final List<SimHost> all = new ArrayList<>();

    /// How large it is.
    ///
    /// @param partitions of the log, which regions share
    /// @param ack by what its datanodes acknowledge
    /// @param followers of each region
    /// @param flushBytes a region with more in memory is flushed
    public record Shape(
            int metasrvs,
            int datanodes,
            int frontends,
            int partitions,
            Ack ack,
            int followers,
            long flushBytes) {
        /// Some hundred rows, so that there are flushes in every run.
        private static final long FLUSH_BYTES = 40_000;

        public static final Shape USUAL = shape(Ack.LEASE, 0, FLUSH_BYTES);
        public static final Shape READING_BACK = shape(Ack.READBACK, 0, FLUSH_BYTES);
        public static final Shape FOLLOWED = shape(Ack.LEASE, 1, FLUSH_BYTES);

        /// Every few rows are flushed.
        public static final Shape FLUSHING = shape(Ack.LEASE, 0, 1);

        private static Shape shape(Ack ack, int followers, long flushBytes) {
            return new Shape(3, 3, 2, 2, ack, followers, flushBytes);
        }
    }

    /// @param folder for the files of its processes, empty
    public SimCluster(World world, Shape shape, Path folder) {
        this.world = world;
        var hosts = IntStream.rangeClosed(1, shape.metasrvs()).mapToObj(i -> "m" + i).toList();
        var network = new Network(world);
        var broker = new SimBroker(world, network);
        var storage = new SimStorage(world, network);
        var observer = new Observer(world);
        broker.observe(observer);
        manifests = new ManifestWatch(world, observer, storage, new CatalogNow());
        observer.watch(manifests);
        around =
                new Surroundings(
                        world,
                        network,
                        broker,
                        storage,
                        new SimRaft(world, network, hosts),
                        new WorldMemory(),
                        observer,
                        hosts.stream().map(Surroundings::member).toList(),
                        IntStream.range(0, shape.partitions())
                                .mapToObj(i -> new WalPartition("wal-" + i, 0))
                                .toList(),
                        LEASE,
                        shape.ack(),
                        shape.followers(),
                        shape.flushBytes(),
                        folder);
        metasrvs =
                IntStream.range(0, hosts.size())
                        .mapToObj(i -> new MetasrvHost(around, hosts.get(i), 1 + i))
                        .toList();
        datanodes =
                IntStream.rangeClosed(1, shape.datanodes())
                        .mapToObj(i -> new DatanodeHost(around, new PeerId(i), 10 + i))
                        .toList();
        frontends =
                IntStream.rangeClosed(1, shape.frontends())
                        .mapToObj(i -> new FrontendHost(around, "f" + i, 30 + i))
                        .toList();
        all.addAll(metasrvs);
        all.addAll(datanodes);
        all.addAll(frontends);
        all.forEach(SimHost::start);
    }

    private final class CatalogNow implements ManifestWatch.Known {
        @Override
        public Optional<WalOffset> pinned(WalPartition wal) {
            return catalog(c -> c.pinned(wal)).flatMap(pinned -> pinned);
        }

        @Override
        public boolean exists(RegionId region) {
            return catalog(c -> c.region(region).isPresent()).orElse(false);
        }
    }

    public World world() {
        return world;
    }

    public Network network() {
        return around.network();
    }

    public SimBroker broker() {
        return around.broker();
    }

    public SimStorage storage() {
        return around.storage();
    }

    public SimRaft raft() {
        return around.raft();
    }

    public Observer observer() {
        return around.observer();
    }

    ManifestWatch manifests() {
        return manifests;
    }

    public List<MetasrvHost> metasrvs() {
        return metasrvs;
    }

    public List<DatanodeHost> datanodes() {
        return datanodes;
    }

    public List<FrontendHost> frontends() {
        return frontends;
    }

    /// How many nodes follow each region.
    int followers() {
        return around.followers();
    }

    /// Every machine with a role of ours.
    public List<SimHost> hosts() {
        return all;
    }

    SimHost host(String name) {
        return all.stream().filter(host -> host.name().equals(name)).findFirst().orElseThrow();
    }

    /// The machine of the metasrv that leads now.
    public Optional<MetasrvHost> metasrvLeader() {
        var leader = raft().leader();
        return metasrvs.stream()
                .filter(host -> leader != null && host.name().equals(leader.host()))
                .findFirst();
    }

    /// Asks the catalog of the metasrv leader; empty while there is none.
    public <T> Optional<T> catalog(Function<Catalog, T> question) {
        var leader = raft().leader();
        return leader == null ? Optional.empty() : Optional.of(leader.read(question));
    }

    /// What is missing until everything is as it should be; empty if nothing is.
    public Optional<String> unrest() {
        for (var host : all) {
            if (!host.runs()) {
                return Optional.of(host.name() + " does not run");
            }
        }
        return catalog(this::unrest).orElse(Optional.of("no metasrv leads"));
    }

    private Optional<String> unrest(Catalog catalog) {
        for (var procedure : catalog.procedures()) {
            if (!procedure.finished()) {
                return Optional.of("procedure has not ended: " + describe(procedure));
            }
        }
        for (var region : catalog.regions()) {
            if (!isServed(catalog, region)) {
                return Optional.of("region is not led: " + region);
            }
        }
        return Optional.empty();
    }

    private static String describe(Procedure procedure) {
        return procedure.id() + " " + procedure.stages();
    }

    private boolean isServed(Catalog catalog, RegionRecord region) {
        return region.leadership() instanceof Leadership.Led led
                && catalog.registered(led.leader())
                && datanodes.stream()
                        .filter(host -> host.peer().equals(led.leader().peer()))
                        .anyMatch(host -> {
                            var datanode = host.datanode();
                            return datanode != null && datanode.node().equals(led.leader());
                        });
    }

    /// Ends every fault; what was killed is started again by its supervisor.
    public void healAll() {
        network().healAll();
        network().slow(0, Duration.ZERO);
        broker().away(false);
        broker().slow(Duration.ZERO);
        broker().gaps(0);
        storage().away(false);
        storage().slow(Duration.ZERO);
        storage().faults(0);
        raft().unknown(0);
        observer().forgetWaiting();
        broker().delayNone();
        for (var host : all) {
            host.forgetEachRun();
            host.drift(0);
            var process = host.process();
            if (process != null) {
                process.atBoundaries(0, () -> {});
            }
        }
    }

    @Override
    public void close() {
        for (var host : all) {
            var process = host.process();
            if (process != null) {
                process.kill();
            }
        }
        around.memory().close();
    }
}
