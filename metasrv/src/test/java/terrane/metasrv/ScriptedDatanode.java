package terrane.metasrv;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.core.wal.UnflushedSum;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.datanode.Order;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.metasrv.NodeRequest.RegionEpoch;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Speaks to a metasrv as a datanode does, and claims to lead whatever it is ordered to, once it
/// holds the lease.
final class ScriptedDatanode implements RequestServer, AutoCloseable {
    static final Duration BEAT = Duration.ofMillis(100);
    private static final Duration CALL_MAX = Duration.ofSeconds(20);

    private final Node node;
    private final Clock clock;
    private final RpcPeer peer;
    private final Map<RegionId, Epoch> wanted = new ConcurrentHashMap<>();
    private final Map<RegionId, Epoch> held = new ConcurrentHashMap<>();
    private final Map<RegionId, Epoch> altered = new ConcurrentHashMap<>();
    private volatile Optional<Thread> heart = Optional.empty();
    private long number;

    ScriptedDatanode(
            long peerId, long incarnation, Transport transport, Address metasrv, Clock clock)
            throws InterruptedException {
        this.node = new Node(new PeerId(peerId), new Incarnation(incarnation, incarnation));
        this.clock = clock;
        this.peer = RpcPeer.start(transport.dial(metasrv, CALL_MAX), this, clock);
    }

    Node node() {
        return node;
    }

    NodeRequest.Registered register() throws InterruptedException {
        var address = new Address("127.0.0.1", 4000 + (int) node.peer().value());
        return peer.call(new NodeRequest.Register(node, address, address, "test"), CALL_MAX);
    }

    void prove(String nonce) throws InterruptedException {
        peer.call(new NodeRequest.ProveStorage(node, nonce), CALL_MAX);
    }

    /// Heartbeats until it is closed or refused.
    void live() {
        heart = Optional.of(Threads.virtual("heart", this::beatOn));
    }

    private void beatOn() {
        try {
            while (peer.isOpen()) {
                beat();
                clock.sleep(BEAT);
            }
        } catch (TerraneException e) {
            held.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Names the whole set each time.
    synchronized NodeRequest.HeartbeatAnswer beat() throws InterruptedException {
        var set =
                wanted.entrySet().stream()
                        .map(entry -> new RegionEpoch(entry.getKey(), entry.getValue()))
                        .toList();
        var answer =
                peer.call(
                        new NodeRequest.Heartbeat(
                                node,
                                ++number,
                                0,
                                number,
                                set,
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                new NodeRequest.Load(0, 0)),
                        CALL_MAX);
        for (var lease : set) {
            if (answer.refused().contains(lease)) {
                held.remove(lease.region(), lease.epoch());
            } else {
                held.put(lease.region(), lease.epoch());
            }
        }
        return answer;
    }

    /// Asks for a lease, as one that led before.
    void wants(RegionId region, Epoch epoch) {
        wanted.put(region, epoch);
    }

    Map<RegionId, Epoch> held() {
        return Map.copyOf(held);
    }

    @Override
    public Reply answer(Request<?> request, RpcPeer from) throws InterruptedException {
        return switch (request) {
            case Order.Nudge _ -> new Reply.Ack();
            case Order.Claim claim -> lead(claim);
            case Order.Alter alter -> {
                altered.put(alter.region(), alter.epoch());
                yield new Reply.Ack();
            }
            case Order.Drop drop -> {
                wanted.remove(drop.region());
                yield new Reply.Ack();
            }
            case Order.Thaw _, Order.Close _ -> new Reply.Ack();
            default -> throw RequestServer.refusal(request);
        };
    }

    private Reply lead(Order.Claim claim) throws InterruptedException {
        wanted.put(claim.region(), claim.epoch());
        while (!claim.epoch().equals(held.get(claim.region()))) {
            clock.sleep(Duration.ofMillis(5));
        }
        return new Order.Leading(
                node,
                claim.epoch(),
                WalOffset.ZERO,
                1,
                "digest",
                UnflushedSum.NOTHING,
                Optional.empty(),
                0);
    }

    /// Regions that were told of a new schema.
    Map<RegionId, Epoch> altered() {
        return Map.copyOf(altered);
    }

    @Override
    public void close() {
        heart.ifPresent(Thread::interrupt);
        peer.close();
    }
}
