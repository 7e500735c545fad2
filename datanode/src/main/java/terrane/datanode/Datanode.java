package terrane.datanode;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.lease.LeaseTerms;
import terrane.core.time.Clock;
import terrane.datanode.lease.Heartbeats;
import terrane.datanode.lease.LeaseTable;
import terrane.datanode.lease.MetasrvSession;
import terrane.datanode.region.RegionNode;
import terrane.engine.storage.ObjectStore;
import terrane.engine.wal.Wal;
import terrane.wire.Transport;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.rpc.RpcPeer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/// One datanode in this process.
public final class Datanode implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Datanode.class.getName());
    private static final String VERSION = "0.1.0";

    /// Between looks for a metasrv leader at start.
    private static final Duration RECONNECT = Duration.ofMillis(200);

    private static final Duration LEAVE = Duration.ofSeconds(1);

    private final DatanodeConfig config;
    private final Outside outside;
    private final LateServer data = new LateServer();
    private final LateServer orders = new LateServer();
    private final Transport.Listener listener;
    private final Machine.StatusPort http;
    private final Node node;
    private final LeaseTable leases;
    private final MetasrvSession session;
    private @Nullable RegionNode regions;
    private @Nullable Heartbeats heartbeats;

    /// What a datanode shares with others, each behind an interface; it stays the caller's.
    public record Outside(
            Transport transport,
            Wal wal,
            ObjectStore store,
            Clock clock,
            Randomness randomness,
            Machine machine) {}

    /// Starts a datanode: listens, registers, serves.
    ///
    /// @throws TerraneException.Unavailable if no metasrv leader is found in time
    /// @throws TerraneException.Rejected if it does not see the cluster's shared storage
    public static Datanode start(DatanodeConfig config, Outside outside)
            throws InterruptedException {
        makeFolder(config);
        var datanode = new Datanode(config, outside);
        try {
            datanode.join();
            return datanode;
        } catch (InterruptedException | RuntimeException e) {
            datanode.close();
            throw e;
        }
    }

    private static void makeFolder(DatanodeConfig config) {
        try {
            Files.createDirectories(config.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make folder: " + config.folder(), e);
        }
    }

    private Datanode(DatanodeConfig config, Outside outside) {
        this.config = config;
        this.outside = outside;
        var clock = outside.clock();
        listener = outside.transport().listen(config.rpcBind(), this::serve);
        http = outside.machine().status(config.httpBind(), data::isOpen, this::metrics);
        node = new Node(config.peer(), Incarnation.random(outside.randomness()));
        leases = new LeaseTable(clock);
        session =
                new MetasrvSession(
                        outside.transport(),
                        config.metasrvs(),
                        new MetasrvSession.Identity(node, address(), httpAddress(), VERSION),
                        orders,
                        this::nonce,
                        clock);
    }

    private void serve(Transport.Channel channel) {
        try (var peer = RpcPeer.start(channel, data, outside.clock())) {
            peer.awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void join() throws InterruptedException {
        var registered = connect();
        var here = RegionNode.open(config, outside, identity(registered), leases, session);
        regions = here;
        orders.open(here.orders());
        data.open(here.data());
        var terms = new LeaseTerms(registered.lease());
        heartbeats = new Heartbeats(session, leases, here, outside.clock(), terms);
        heartbeats.start(outside.machine().threads());
        LOG.log(Level.INFO, "datanode is up: node={0} address={1}", node, address());
    }

    private RegionNode.Identity identity(NodeRequest.Registered registered) {
        return new RegionNode.Identity(registered.cluster(), node, address());
    }

    private NodeRequest.Registered connect() throws InterruptedException {
        var clock = outside.clock();
        long deadline = clock.nanosAfter(config.limits().connectTimeout());
        ErrorCode said = null;
        while (true) {
            try {
                return session.connect();
            } catch (TerraneException.Unavailable e) {
                if (clock.passed(deadline)) {
                    throw e;
                }
                if (e.code() != said) {
                    said = e.code();
                    LOG.log(Level.WARNING, "not registered yet, is tried again: {0}", e.text());
                }
                clock.sleep(RECONNECT);
            }
        }
    }

    private Optional<String> nonce(String object) throws InterruptedException {
        return outside.store().read(object).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private String metrics() {
        var now = regions;
        return now == null ? "" : now.metrics();
    }

    /// Where this node is reached.
    public Address address() {
        return withPort(config.rpcAdvertised(), listener.address().port());
    }

    /// Where `/health` and `/metrics` are.
    public Address httpAddress() {
        return withPort(
                new Address(config.rpcAdvertised().host(), config.httpBind().port()), http.port());
    }

    public Node node() {
        return node;
    }

    /// Blocks until this node can never lead again, because another process has taken its peer id.
    ///
    /// @return what the metasrv said
    public TerraneException.Rejected awaitReplaced() throws InterruptedException {
        return Objects.requireNonNull(heartbeats).awaitReplaced();
    }

    private static Address withPort(Address address, int port) {
        return address.port() == 0 ? new Address(address.host(), port) : address;
    }

    /// Stops serving, says that all its epochs are final, and leaves, so that others can lead its
    /// regions at once. Unflushed rows are in the log.
    @Override
    public void close() {
        data.shut();
        orders.shut();
        if (heartbeats != null) {
            heartbeats.close();
        }
        if (regions != null) {
            regions.close();
        }
        leases.leave(); // an order that is still being carried out must not lead after the next
        // line
        try {
            session.call(new NodeRequest.Leave(node), LEAVE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TerraneException e) {
            LOG.log(Level.INFO, "left without a word to the metasrv: {0}", e.getMessage());
        }
        session.close();
        listener.close();
        http.close();
    }
}
