package terrane.datanode.lease;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.rpc.Answer;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// This node's connection to the metasrv leader, found among several and found again when it
/// changes. Used by one thread, except for [#call].
public final class MetasrvSession implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MetasrvSession.class.getName());

    /// Three metasrvs that do not answer cost less than a second, a third of a lease.
    private static final Duration DIAL = Duration.ofMillis(300);

    /// The first registration may be held back until an earlier incarnation's lease has lapsed.
    /// Later ones, with other leaders, wait for nothing, and are to be done while leases last.
    private static final Duration REGISTER_FIRST = Duration.ofSeconds(30);

    private final Transport transport;
    private final List<Address> metasrvs;
    private final Identity identity;
    private final RequestServer orders;
    private final StorageProof proof;
    private final Clock clock;
    private volatile @Nullable RpcPeer peer;
    private Optional<Address> leader = Optional.empty();
    private long sessions;
    private Duration registerMax = REGISTER_FIRST;

    /// Who this node says it is.
    ///
    /// @param rpc as others reach it
    public record Identity(Node node, Address rpc, Address http, String version) {}

    /// Reads back what the metasrv wrote to the shared storage.
    public interface StorageProof {
        /// @return the nonce that stands in the object `name`; empty if there is no such object
        Optional<String> read(String name) throws InterruptedException;
    }

    public MetasrvSession(
            Transport transport,
            List<Address> metasrvs,
            Identity identity,
            RequestServer orders,
            StorageProof proof,
            Clock clock) {
        this.transport = transport;
        this.metasrvs = List.copyOf(metasrvs);
        this.identity = identity;
        this.orders = orders;
        this.proof = proof;
        this.clock = clock;
    }

    public Node node() {
        return identity.node();
    }

    /// Counts registrations: whoever kept something about the session looks whether it is still the
    /// same.
    long sessions() {
        return sessions;
    }

    boolean isOpen() {
        var now = peer;
        return now != null && now.isOpen();
    }

    /// Connects and registers; tries every metasrv once.
    ///
    /// @throws TerraneException.Unavailable if none of them leads, or the one that does cannot take
    ///   this node yet: another process holds its peer id, or the shared storage, which a node must
    ///   have read once, is away
    public NodeRequest.Registered connect() throws InterruptedException {
        close();
        var candidates = new ArrayList<Address>();
        leader.ifPresent(candidates::add);
        metasrvs.stream().filter(address -> !candidates.contains(address)).forEach(candidates::add);
        try {
            return registerWithOneOf(candidates, Optional.empty());
        } catch (TerraneException.Unavailable e) {
            leader = Optional.empty();
            throw e;
        }
    }

    /// Looks whether another metasrv leads, while the one on the other side is silent. That one is
    /// asked nothing: it may be slow, and would be slower.
    ///
    /// @return whether this node is registered with another one now; if not, nothing has changed
    boolean moveOn() throws InterruptedException {
        var silent = peer;
        var others = new ArrayList<>(metasrvs);
        leader.ifPresent(others::remove);
        try {
            registerWithOneOf(others, leader);
        } catch (TerraneException.Unavailable e) {
            LOG.log(Level.INFO, "the metasrv is silent, and no other leads: {0}", e.getMessage());
            return false;
        }
        if (silent != null) {
            silent.close();
        }
        return true;
    }

    /// @param candidates grows by whom they name as the leader
    private NodeRequest.Registered registerWithOneOf(
            List<Address> candidates, Optional<Address> avoid) throws InterruptedException {
        TerraneException last = null;
        TerraneException.@Nullable Unavailable held = null;
        for (int i = 0; i < candidates.size() && i < metasrvs.size() * 2; i++) {
            try {
                return register(candidates.get(i));
            } catch (TerraneException.NotLeader e) {
                last = e;
                e.metasrv()
                        .filter(address -> !candidates.contains(address))
                        .filter(address -> !avoid.equals(Optional.of(address)))
                        .ifPresent(candidates::add);
            } catch (TerraneException.Unavailable e) {
                last = e;
                // A leader's word; that others do not lead says nothing beside it.
                held = isLeadersWord(e.code()) ? e : held;
            } catch (TerraneException.Uncertain e) {
                last = e;
            }
        }
        if (held != null) {
            throw held;
        }
        throw new TerraneException.Unavailable(
                ErrorCode.NO_METASRV_LEADER,
                "no metasrv leads: asked=%s last=%s"
                        .formatted(candidates, last == null ? "nothing" : last.getMessage()),
                Duration.ofMillis(100),
                last);
    }

    private static boolean isLeadersWord(ErrorCode code) {
        return code == ErrorCode.NOT_READY || code == ErrorCode.STORAGE_UNAVAILABLE;
    }

    private NodeRequest.Registered register(Address address) throws InterruptedException {
        var candidate = RpcPeer.start(transport.dial(address, DIAL), orders, clock);
        try {
            var registered =
                    candidate.call(
                            new NodeRequest.Register(
                                    identity.node(),
                                    identity.rpc(),
                                    identity.http(),
                                    identity.version()),
                            registerMax);
            prove(candidate, registered);
            registerMax = registered.lease().dividedBy(2);
            peer = candidate;
            leader = Optional.of(address);
            sessions++;
            LOG.log(Level.INFO, "registered: node={0} metasrv={1}", identity.node(), address);
            return registered;
        } catch (TerraneException | InterruptedException e) {
            candidate.close();
            throw e;
        }
    }

    private void prove(RpcPeer candidate, NodeRequest.Registered registered)
            throws InterruptedException {
        if (registered.storageProbe().isEmpty()) {
            return;
        }
        var nonce = proof.read(registered.storageProbe());
        if (nonce.isEmpty()) {
            throw TerraneException.rejected(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "this node does not see the cluster's shared storage, check its storage "
                            + "settings: object=%s",
                    registered.storageProbe());
        }
        candidate.call(new NodeRequest.ProveStorage(identity.node(), nonce.get()), registerMax);
    }

    /// Asks the metasrv leader.
    ///
    /// @throws TerraneException.Unavailable while there is no connection
    public <R extends Reply> R call(Request<R> request, Duration atMost)
            throws InterruptedException {
        return connected().call(request, atMost);
    }

    /// Asks, and leaves the waiting to the caller.
    <R extends Reply> Answer<R> ask(Request<R> request, Duration atMost)
            throws InterruptedException {
        return connected().ask(request, atMost);
    }

    private RpcPeer connected() {
        var now = peer;
        if (now == null) {
            throw TerraneException.unavailable(
                    ErrorCode.NO_METASRV_LEADER, "not connected to a metasrv");
        }
        return now;
    }

    @Override
    public void close() {
        var before = peer;
        peer = null;
        if (before != null) {
            before.close();
        }
    }
}
