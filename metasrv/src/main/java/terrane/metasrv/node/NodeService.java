package terrane.metasrv.node;

import terrane.core.catalog.Catalog;
import terrane.core.lease.Grants;
import terrane.core.lease.LeaseLedger;
import terrane.core.time.Clock;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.Reply;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.metasrv.NodeRequest.Heartbeat;
import terrane.wire.metasrv.NodeRequest.HeartbeatAnswer;
import terrane.wire.metasrv.NodeRequest.RegionEpoch;
import terrane.wire.rpc.RpcPeer;

import java.util.ArrayList;
import java.util.List;

/// Answers what datanodes say to the leader. Made for one leadership; grants leases.
public final class NodeService {
    private final CatalogStore store;
    private final LeaseLedger ledger;
    private final Registry registry;
    private final RegionNews news;
    private final FailureWatcher watcher;
    private final Clock clock;
    private final QuorumRounds rounds;

    public NodeService(
            CatalogStore store,
            LeaseLedger ledger,
            Registry registry,
            RegionNews news,
            FailureWatcher watcher,
            Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.registry = registry;
        this.news = news;
        this.watcher = watcher;
        this.clock = clock;
        this.rounds = new QuorumRounds(store);
    }

    public Reply answer(NodeRequest<?> request, RpcPeer from) throws InterruptedException {
        return switch (request) {
            case NodeRequest.Register r -> registry.register(r, NodeLink.of(from));
            case NodeRequest.ProveStorage r -> registry.prove(r);
            case NodeRequest.Heartbeat r -> heartbeat(r);
            case NodeRequest.GiveUp r -> registry.giveUp(r);
            case NodeRequest.Leave r -> registry.leave(r);
        };
    }

    /// The order matters: what the node has finished is known before anything is decided; the
    /// quorum round begins after the heartbeat has arrived; the grants are in the ledger before the
    /// answer leaves.
    HeartbeatAnswer heartbeat(Heartbeat heartbeat) throws InterruptedException {
        var session = registry.session(heartbeat.node());
        heartbeat.finals().forEach(lease -> ledger.finalized(lease.region(), lease.epoch()));
        news.flushed().add(heartbeat.flushed());
        news.stopped().add(heartbeat.node(), heartbeat.unreadable());
        rounds.round();
        // Decided under the store's lock: whoever commits another leader for one of these regions
        // afterwards finds the grants in the ledger.
        var answer = store.read(catalog -> decide(catalog, session, heartbeat));
        watcher.heartbeat(heartbeat.node(), session.seenNanos());
        return answer;
    }

    private HeartbeatAnswer decide(Catalog catalog, Session session, Heartbeat heartbeat) {
        registry.session(heartbeat.node()); // it may have been replaced during the round
        if (!catalog.registered(heartbeat.node())) {
            throw Registry.notRegistered(heartbeat.node());
        }
        long now = clock.nanos();
        session.seen(now, clock.now());
        if (!session.advance(heartbeat)) {
            return new HeartbeatAnswer(heartbeat.number(), session.setVersion(), false, List.of());
        }
        ledger.answered(heartbeat.node(), now);
        var refused = new ArrayList<RegionEpoch>();
        for (var wanted : session.wanted()) {
            if (grant(catalog, session, wanted, now)) {
                ledger.grant(wanted.region(), wanted.epoch(), now);
            } else {
                refused.add(wanted);
            }
        }
        return new HeartbeatAnswer(
                heartbeat.number(), heartbeat.setVersion(), true, List.copyOf(refused));
    }

    private boolean grant(Catalog catalog, Session session, RegionEpoch wanted, long now) {
        return catalog.region(wanted.region())
                .filter(region ->
                        Grants.allows(region, session.node(), wanted.epoch(), ledger, now))
                .isPresent();
    }
}
