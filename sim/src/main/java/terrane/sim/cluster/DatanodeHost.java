package terrane.sim.cluster;

import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.PeerId;
import terrane.core.time.PlatformThreads;
import terrane.datanode.Datanode;
import terrane.datanode.DatanodeConfig;
import terrane.datanode.Machine;
import terrane.engine.region.Duck;
import terrane.engine.region.RegionEngine;
import terrane.sim.engine.PlainEngine;
import terrane.sim.log.SimWal;
import terrane.sim.net.SimTransport;
import terrane.sim.storage.SimObjectStore;
import terrane.sim.world.SimProcess;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A machine with a datanode.
public final class DatanodeHost extends SimHost {
    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(6);

    private final Surroundings around;
    private final PeerId peer;
    private @Nullable Datanode datanode;

    DatanodeHost(Surroundings around, PeerId peer, long number) {
        super(around.world(), "d" + peer.value(), number);
        this.around = around;
        this.peer = peer;
    }

    public PeerId peer() {
        return peer;
    }

    /// Present once it has started.
    public @Nullable Datanode datanode() {
        return datanode;
    }

    @Override
    void run(SimProcess started) throws InterruptedException {
        var rpc = new Address(name(), Surroundings.RPC_PORT);
        var config =
                new DatanodeConfig(
                        peer,
                        rpc,
                        rpc,
                        new Address(name(), 3002),
                        around.metasrvs(),
                        around.folder().resolve(name() + "-" + run()),
                        around.ack(),
                        new DatanodeConfig.Limits(
                                around.flushBytes(),
                                64L << 20,
                                64L << 20,
                                1,
                                64L << 20,
                                Duration.ofMinutes(1)));
        datanode =
                Datanode.start(
                        config,
                        new Datanode.Outside(
                                new SimTransport(around.network(), started),
                                new SimWal(around.broker(), started, DELIVERY_TIMEOUT),
                                new SimObjectStore(around.storage(), started),
                                started.clock(),
                                around.world().chance(),
                                new SimMachine(around, started)));
    }

    @Override
    void gone() {
        datanode = null;
    }

    /// No native code, no real threads, no port.
    private record SimMachine(Surroundings around, SimProcess process) implements Machine {
        @Override
        public PlatformThreads threads() {
            return process::spawn;
        }

        @Override
        public BufferAllocator allocator() {
            return around.memory().allocator();
        }

        @Override
        public RegionEngine engine(Duck.Settings settings, BufferAllocator allocator) {
            return new PlainEngine(process, allocator);
        }

        @Override
        public StatusPort status(Address bind, BooleanSupplier ready, Supplier<String> metrics) {
            return new StatusPort() {
                @Override
                public int port() {
                    return bind.port();
                }

                @Override
                public void close() {}
            };
        }
    }
}
