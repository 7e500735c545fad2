package terrane.metasrv;

import static org.awaitility.Awaitility.await;

import terrane.core.Address;
import terrane.core.ClusterId;
import terrane.core.Randomness;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.time.Clock;
import terrane.core.time.SystemClock;
import terrane.metasrv.node.StorageProbe;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.metasrv.raft.Forming;
import terrane.metasrv.raft.MemberFolder;
import terrane.metasrv.raft.RaftCatalogStore;
import terrane.metasrv.wal.WalTopics;
import terrane.wire.GrpcTransport;
import terrane.wire.Reply;
import terrane.wire.metasrv.ClientRequest;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;

/// One metasrv with real Raft and real connections; storage and log are in memory.
final class LoneMetasrv implements AutoCloseable {
    static final Duration LEASE = Duration.ofMillis(1500);
    private static final Duration CALL_MAX = Duration.ofSeconds(40);

    final Clock clock = new SystemClock();
    private final GrpcTransport transport = new GrpcTransport(clock);
    private final Map<String, String> storage = new ConcurrentHashMap<>();
    private final MetasrvServer.Config config;
    private MetasrvServer server;

    LoneMetasrv(Path directory) {
        var loopback = new Address("127.0.0.1", 0);
        var raft = new Address("127.0.0.1", freePort());
        config =
                new MetasrvServer.Config(
                        List.of(new Member("m0", loopback, loopback, raft)),
                        "m0",
                        loopback,
                        raft,
                        directory,
                        Leases.of(LEASE),
                        "test");
        form();
        server = start();
    }

    /// Nobody is there to be asked.
    private void form() {
        try {
            var folder = MemberFolder.open(config.directory(), Randomness.system());
            Forming.await(config.raft(), folder, _ -> Optional.empty(), clock);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it forms", e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private MetasrvServer start() {
        var started =
                MetasrvServer.start(
                        config,
                        new MetasrvServer.Surroundings(
                                RaftCatalogStore::start,
                                transport,
                                new MemoryProbe(storage),
                                new MemoryTopics(),
                                clock,
                                Randomness.system()));
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        started.leading().isPresent()
                                && !started.store()
                                        .read(catalog -> catalog.walPartitions())
                                        .isEmpty());
        return started;
    }

    void restart() {
        server.close();
        server = start();
    }

    MetasrvServer server() {
        return server;
    }

    <R extends Reply> R ask(ClientRequest<R> request) throws InterruptedException {
        try (var peer =
                RpcPeer.start(
                        transport.dial(server.rpc(), CALL_MAX), RequestServer.none(), clock)) {
            return peer.call(request, CALL_MAX);
        }
    }

    /// A datanode that is registered, sees the storage, and heartbeats.
    ScriptedDatanode datanode(long peerId, long incarnation) throws InterruptedException {
        var datanode = silent(peerId, incarnation);
        var registered = datanode.register();
        if (!registered.storageProbe().isEmpty()) {
            datanode.prove(Objects.requireNonNull(storage.get(registered.storageProbe())));
        }
        datanode.live();
        return datanode;
    }

    /// One that has not even registered.
    ScriptedDatanode silent(long peerId, long incarnation) throws InterruptedException {
        return new ScriptedDatanode(peerId, incarnation, transport, server.rpc(), clock);
    }

    @Override
    public void close() {
        server.close();
        transport.close();
    }

    private record MemoryProbe(Map<String, String> objects) implements StorageProbe {
        @Override
        public String write(String nonce) {
            objects.put("probe/" + nonce, nonce);
            return "probe/" + nonce;
        }

        @Override
        public void remove(String name) {
            objects.remove(name);
        }
    }

    private record MemoryTopics() implements WalTopics {
        @Override
        public List<WalPartition> prepare(ClusterId cluster) {
            return List.of(new WalPartition("wal-0", 0), new WalPartition("wal-1", 0));
        }

        @Override
        public void prune(SortedMap<WalPartition, WalOffset> floors) {}

        @Override
        public void close() {}
    }
}
