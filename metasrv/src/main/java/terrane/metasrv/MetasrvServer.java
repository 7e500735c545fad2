package terrane.metasrv;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.metasrv.client.NodeList;
import terrane.metasrv.node.StorageProbe;
import terrane.metasrv.raft.CatalogStore;
import terrane.metasrv.raft.CatalogStore.Member;
import terrane.metasrv.raft.RaftCatalogStore;
import terrane.metasrv.wal.WalTopics;
import terrane.wire.Reply;
import terrane.wire.Request;
import terrane.wire.Transport;
import terrane.wire.metasrv.ClientRequest;
import terrane.wire.metasrv.NodeRequest;
import terrane.wire.rpc.RequestServer;
import terrane.wire.rpc.RpcPeer;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;

/// One metasrv: a member of the Raft group that answers requests while it leads, and says who leads
/// while it does not.
public final class MetasrvServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MetasrvServer.class.getName());

    /// Raft tells of most changes of leadership at once; a leader that lost its majority silently
    /// is noticed this soon. No safety rests on it.
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Config config;
    private final CatalogStore store;
    private final LeaderDuties.Outside outside;
    private final Clock clock;
    private final Randomness randomness;
    private final Transport.Listener listener;
    private final Thread watcher;
    private final ArrayBlockingQueue<Boolean> signal;
    private volatile @Nullable LeaderDuties duties;

    /// What one metasrv is told.
    ///
    /// @param members all metasrvs as others reach them, this one too: 1 or 3, the same everywhere
    /// @param self the id of this one among them
    /// @param bindRpc where requests are taken
    /// @param bindRaft where the other members speak to this one
    /// @param directory where the log and its snapshots are kept
    /// @param version of this program, for people
    public record Config(
            List<Member> members,
            String self,
            Address bindRpc,
            Address bindRaft,
            Path directory,
            Leases leases,
            String version) {
        public Config {
            members = List.copyOf(members);
        }

        /// What its replica of the catalog is told.
        public RaftCatalogStore.Config raft() {
            return new RaftCatalogStore.Config(members, self, bindRaft, directory);
        }
    }

    /// What comes from outside of the metasrv's own code. Closing the server closes none of it.
    ///
    /// @param catalogs opens this member's replica of the catalog, which is the server's own
    public record Surroundings(
            CatalogStore.Opener catalogs,
            Transport transport,
            StorageProbe storage,
            WalTopics topics,
            Clock clock,
            Randomness randomness) {}

    private MetasrvServer(
            Config config,
            Surroundings surroundings,
            CatalogStore store,
            ArrayBlockingQueue<Boolean> signal) {
        this.config = config;
        this.store = store;
        this.signal = signal;
        this.clock = surroundings.clock();
        this.randomness = surroundings.randomness();
        this.outside =
                new LeaderDuties.Outside(
                        config.leases(),
                        surroundings.storage(),
                        surroundings.topics(),
                        new NodeList.Metasrvs(config.self(), config.version(), clock.now()));
        this.listener = surroundings.transport().listen(config.bindRpc(), this::accepted);
        this.watcher = Threads.virtual("leadership", this::watch);
    }

    /// Takes part from then on; answers requests as soon as it leads.
    public static MetasrvServer start(Config config, Surroundings surroundings) {
        var signal = new ArrayBlockingQueue<Boolean>(1);
        var store =
                surroundings
                        .catalogs()
                        .open(config.raft(), surroundings.clock(), () -> signal.offer(true));
        return new MetasrvServer(config, surroundings, store, signal);
    }

    public Config config() {
        return config;
    }

    public CatalogStore store() {
        return store;
    }

    /// Where requests are taken, with the real port.
    public Address rpc() {
        return listener.address();
    }

    /// What this metasrv does as the leader; empty while it does not lead.
    public Optional<LeaderDuties> leading() {
        var current = duties;
        return current != null
                        && store.leadingTerm().equals(java.util.OptionalLong.of(current.term()))
                ? Optional.of(current)
                : Optional.empty();
    }

    private void accepted(Transport.Channel channel) {
        try (var peer = RpcPeer.start(channel, this::answer, clock)) {
            peer.awaitClosed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Reply answer(Request<?> request, RpcPeer from) throws InterruptedException {
        var leading = leading().orElseThrow(this::notLeader);
        return switch (request) {
            case NodeRequest<?> r -> leading.nodes().answer(r, from);
            case ClientRequest<?> r -> leading.clients().answer(r);
            default -> throw RequestServer.refusal(request);
        };
    }

    private TerraneException.NotLeader notLeader() {
        var leader =
                store.leader()
                        .filter(member -> !member.id().equals(config.self()))
                        .map(Member::rpc);
        return new TerraneException.NotLeader(
                ErrorCode.NO_METASRV_LEADER,
                leader.map(address -> "this metasrv does not lead: leader=" + address)
                        .orElse("no metasrv leads at the moment"),
                null,
                leader.orElse(null));
    }

    private void watch() {
        try {
            while (true) {
                followSafely();
                clock.poll(signal, LOOK_EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    /// A member of the group that leads and never notices would keep the others from leading.
    private void followSafely() throws InterruptedException {
        try {
            follow();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "cannot follow the leadership, tried again", e);
        }
    }

    /// Begins and ends duties as the leadership comes and goes.
    private void follow() throws InterruptedException {
        var term = store.leadingTerm();
        var current = duties;
        if (current != null && (term.isEmpty() || term.getAsLong() != current.term())) {
            end();
        }
        if (duties != null || term.isEmpty()) {
            return;
        }
        try {
            duties = LeaderDuties.begin(term.getAsLong(), store, outside, clock, randomness);
            LOG.log(Level.INFO, "leads: metasrv={0} term={1}", config.self(), term.getAsLong());
        } catch (TerraneException e) {
            LOG.log(Level.INFO, "does not lead after all: {0}", e.text());
        }
    }

    private void end() {
        var current = duties;
        duties = null; // nothing is dispatched to them any more
        if (current != null) {
            LOG.log(Level.INFO, "leads no more: term={0}", current.term());
            current.close();
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
        listener.close();
        end();
        store.close();
    }
}
