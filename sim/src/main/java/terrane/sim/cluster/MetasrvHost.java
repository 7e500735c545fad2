package terrane.sim.cluster;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.engine.storage.ObjectStore;
import terrane.metasrv.LeaderDuties;
import terrane.metasrv.Leases;
import terrane.metasrv.MetasrvServer;
import terrane.metasrv.node.StorageProbe;
import terrane.sim.log.SimTopics;
import terrane.sim.net.SimTransport;
import terrane.sim.raft.SimCatalogStore;
import terrane.sim.storage.SimObjectStore;
import terrane.sim.world.SimProcess;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A machine with a metasrv.
public final class MetasrvHost extends SimHost {
    private final Surroundings around;
    private @Nullable MetasrvServer server;

    MetasrvHost(Surroundings around, String name, long number) {
        super(around.world(), name, number);
        this.around = around;
    }

    /// What it does as the leader; empty while it does not think that it is one.
    Optional<LeaderDuties> leading() {
        var there = server;
        return there == null ? Optional.empty() : there.leading();
    }

    @Override
    void run(SimProcess started) {
        var member = Surroundings.member(name());
        var config =
                new MetasrvServer.Config(
                        around.members(),
                        name(),
                        member.rpc(),
                        member.raft(),
                        around.folder(),
                        Leases.of(around.lease()),
                        "sim");
        var randomness = around.world().chance();
        server =
                MetasrvServer.start(
                        config,
                        new MetasrvServer.Surroundings(
                                (raft, _, changed) ->
                                        new SimCatalogStore(
                                                around.raft(), started, raft.members(), changed),
                                new SimTransport(around.network(), started),
                                new Probe(
                                        new SimObjectStore(around.storage(), started), randomness),
                                new SimTopics(around.broker(), started, around.partitions()),
                                started.clock(),
                                randomness));
    }

    @Override
    void gone() {
        server = null;
    }

    /// As the production one, on the simulated storage.
    private record Probe(ObjectStore store, Randomness randomness) implements StorageProbe {
        @Override
        public String write(String nonce) throws InterruptedException {
            var name = "probe/" + randomness.nextUuid();
            var created = store.create(name, nonce.getBytes(StandardCharsets.UTF_8));
            if (created != ObjectStore.Created.CREATED) {
                throw TerraneException.unavailable(
                        ErrorCode.STORAGE_UNAVAILABLE, "cannot write to the shared storage");
            }
            return name;
        }

        @Override
        public void remove(String name) throws InterruptedException {
            try {
                store.delete(name);
            } catch (TerraneException.Unavailable e) {
                // It stays there.
            }
        }
    }
}
