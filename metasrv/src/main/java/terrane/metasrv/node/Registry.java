package terrane.metasrv.node;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Change;
import terrane.core.catalog.NodeRecord;
import terrane.core.lease.LeaseLedger;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;
import terrane.wire.metasrv.NodeRequest;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which datanode runs behind which connection, for one leadership.
public final class Registry implements Orders {
    private static final System.Logger LOG = System.getLogger(Registry.class.getName());

    /// A process that replaces a killed one waits for a lease; one that finds its peer id in use is
    /// told so before its own call gives up.
    private static final Duration WAIT_MAX = Duration.ofSeconds(25);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration NUDGE_MAX = Duration.ofSeconds(1);

    private final CatalogStore store;
    private final LeaseLedger ledger;
    private final StorageProofs proofs;
    private final Clock clock;

    private volatile FailureWatcher watcher = new Unwatched();

    /// One for each peer id that is connected: bounded by the cluster's nodes.
    private final ConcurrentHashMap<PeerId, Session> sessions = new ConcurrentHashMap<>();

    public Registry(CatalogStore store, LeaseLedger ledger, StorageProofs proofs, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.proofs = proofs;
        this.clock = clock;
    }

    /// Has `watcher` told of what happens to nodes from now on; once, before anything is answered.
    public void tell(FailureWatcher failures) {
        watcher = failures;
    }

    /// A connected datanode as it was last heard of.
    ///
    /// @param at by this metasrv's wall clock
    public record Seen(Node node, Instant at, NodeRequest.Load load) {}

    /// Makes the peer id this incarnation's, and the connection its mailbox. Blocks until leases of
    /// an earlier incarnation have lapsed.
    ///
    /// @throws TerraneException.Unavailable if another process holds the peer id and is alive
    /// @throws TerraneException.Rejected if this incarnation was replaced or has left
    NodeRequest.Registered register(NodeRequest.Register request, NodeLink link)
            throws InterruptedException {
        var node = request.node();
        long deadline = clock.nanosAfter(WAIT_MAX);
        while (!tryRegister(request)) {
            if (clock.passed(deadline)) {
                throw TerraneException.unavailable(
                        ErrorCode.NOT_READY,
                        "peer id %s is in use by another datanode that is alive%s: stop that one,"
                                + " or give this one a datanode.id of its own",
                        node.peer(),
                        address(node.peer()));
            }
        }
        var registered =
                new NodeRequest.Registered(
                        store.read(catalog -> catalog.cluster().orElseThrow()),
                        ledger.terms().duration(),
                        probe(node));
        var session = new Session(node, link, clock.nanos(), clock.now());
        sessions.put(node.peer(), session);
        link.onClosed(() -> lost(session));
        LOG.log(Level.INFO, "node registered: node={0} rpc={1}", node, request.rpc());
        watcher.arrived(node);
        return registered;
    }

    /// For a message: where the peer's present node is reached.
    private String address(PeerId peer) {
        return store.read(catalog -> catalog.node(peer).map(record -> ", at " + record.rpc()))
                .orElse("");
    }

    /// Nothing for an incarnation that has read one back before: a change of the metasrv leader
    /// asks nothing of the storage, which may be slow or away while leases are to be renewed.
    private String probe(Node node) throws InterruptedException {
        return store.read(catalog -> catalog.fit(node)) ? "" : proofs.object();
    }

    private boolean tryRegister(NodeRequest.Register request) throws InterruptedException {
        var node = request.node();
        var known = store.read(catalog -> catalog.node(node.peer()));
        var other = known.map(NodeRecord::node).filter(before -> !before.equals(node));
        boolean comesBack =
                known.filter(record -> record.superseded().contains(node.incarnation()))
                        .isPresent();
        // One that was replaced is refused at once: it must not wait its successor out.
        if (other.isPresent() && !comesBack && !mayBeReplaced(known.get())) {
            clock.sleep(LOOK_EVERY);
            return false;
        }
        other.ifPresent(this::forget);
        var change =
                new Change.RegisterNode(
                        node, request.rpc(), request.http(), request.version(), clock.now(), other);
        return switch (store.commit(change)) {
            case Applied.Done _, Applied.Created _, Applied.Repeated _ -> {
                other.ifPresent(watcher::left);
                yield true;
            }
            case Applied.Stale _ -> false;
            case Applied.Refused refused ->
                    throw new TerraneException.Rejected(refused.code(), refused.text(), null);
        };
    }

    private boolean mayBeReplaced(NodeRecord record) {
        return record.left() || ledger.lapsed(record.node(), clock.nanos());
    }

    private void forget(Node node) {
        sessions.computeIfPresent(
                node.peer(), (_, session) -> session.node().equals(node) ? null : session);
    }

    private void lost(Session session) {
        if (sessions.get(session.node().peer()) == session) {
            LOG.log(Level.INFO, "node disconnected: node={0}", session.node());
            watcher.disconnected(session.node());
        }
    }

    Reply.Ack prove(NodeRequest.ProveStorage request) throws InterruptedException {
        session(request.node());
        proofs.check(request.nonce());
        if (!store.read(catalog -> catalog.fit(request.node()))) {
            settle(store.commit(new Change.StorageProven(request.node())));
        }
        return new Reply.Ack();
    }

    Reply.Ack giveUp(NodeRequest.GiveUp request) {
        session(request.node());
        ledger.finalized(request.region(), request.epoch());
        watcher.gaveUp(request.node(), request.region(), request.epoch(), request.reason());
        return new Reply.Ack();
    }

    /// All epochs of the node are final, by its own word.
    Reply.Ack leave(NodeRequest.Leave request) throws InterruptedException {
        var session = session(request.node());
        session.wanted().forEach(lease -> ledger.finalized(lease.region(), lease.epoch()));
        sessions.remove(request.node().peer(), session);
        settle(store.commit(new Change.NodeLeft(request.node())));
        LOG.log(Level.INFO, "node left: node={0}", request.node());
        watcher.left(request.node());
        return new Reply.Ack();
    }

    private static void settle(Applied applied) {
        switch (applied) {
            case Applied.Done _, Applied.Created _, Applied.Repeated _ -> {}
            case Applied.Stale stale ->
                    throw TerraneException.unavailable(ErrorCode.NOT_READY, "%s", stale.text());
            case Applied.Refused refused ->
                    throw new TerraneException.Rejected(refused.code(), refused.text(), null);
        }
    }

    /// The node's session, if the node may speak through one.
    ///
    /// @throws TerraneException.Unavailable if it has to register first
    Session session(Node node) {
        var session = sessions.get(node.peer());
        if (session == null || !session.node().equals(node)) {
            throw notRegistered(node);
        }
        return session;
    }

    static TerraneException.Unavailable notRegistered(Node node) {
        return TerraneException.unavailable(
                ErrorCode.NOT_READY, "not registered with this leader: node=%s", node);
    }

    @Override
    public <R extends Reply> R order(Node node, Order<R> order, Duration atMost)
            throws InterruptedException {
        return session(node).link().call(order, atMost);
    }

    @Override
    public boolean alive(Node node) {
        var session = sessions.get(node.peer());
        return session != null
                && session.node().equals(node)
                && session.link().isOpen()
                && clock.nanos() - session.seenNanos() < ledger.terms().duration().toNanos();
    }

    @Override
    public void nudge(Node node) {
        Threads.virtual("nudge", () -> nudgeNow(node));
    }

    private void nudgeNow(Node node) {
        try {
            order(node, new Order.Nudge(), NUDGE_MAX);
        } catch (TerraneException e) {
            LOG.log(Level.DEBUG, "not nudged: node={0} {1}", node, e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Those that are connected or were, in no order.
    public List<Seen> seen() {
        return sessions.values().stream().map(Session::view).toList();
    }

    /// How the node was last heard of, if it registered with this leader.
    public Optional<Seen> seen(PeerId peer) {
        return Optional.ofNullable(sessions.get(peer)).map(Session::view);
    }

    /// Until somebody watches.
    private record Unwatched() implements FailureWatcher {
        @Override
        public void arrived(Node node) {}

        @Override
        public void heartbeat(Node node, long nanos) {}

        @Override
        public void disconnected(Node node) {}

        @Override
        public void left(Node node) {}

        @Override
        public void gaveUp(Node node, RegionId region, Epoch epoch, String reason) {}
    }
}
