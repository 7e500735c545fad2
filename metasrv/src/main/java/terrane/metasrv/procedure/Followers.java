package terrane.metasrv.procedure;

import terrane.core.Node;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.NodeRecord;
import terrane.core.catalog.RegionRecord;
import terrane.core.catalog.Route;
import terrane.core.catalog.TableRecord;
import terrane.core.time.Clock;
import terrane.metasrv.node.Orders;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.datanode.Order;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/// Has one node beside its leader follow each region of a table with `followers = 1`, so that a
/// failover finds a copy that has read the log already. Which node that is, is a function of the
/// region and of the nodes that are there, so that no leader of the metasrv need remember it, and
/// whoever comes next asks the same ones. Nothing rests on it.
///
/// A region that is about to change hands keeps the follower that it has: that is who takes it.
public final class Followers {
    private static final System.Logger LOG = System.getLogger(Followers.class.getName());

    /// Half of what a datanode looks at by itself; one small order for each node.
    private static final Duration ROUND = Duration.ofMillis(500);

    private static final Duration ORDER_MAX = Duration.ofSeconds(1);

    /// A datanode keeps a copy for a minute after it was named last.
    private static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private static final String OPTION = "followers";

    private final CatalogStore store;
    private final Orders orders;
    private final Vitals vitals;
    private final Clock clock;

    /// Who was found to follow last; one for each region that has a follower.
    private final ConcurrentHashMap<RegionId, Found> found = new ConcurrentHashMap<>();

    private record Found(Node node, Order.Progress progress, long nanos) {}

    /// A copy that follows, as it was found last.
    ///
    /// @param caughtUp whether it had applied what it knew of
    public record Follower(RegionId region, Node node, boolean caughtUp) {}

    Followers(CatalogStore store, Orders orders, Vitals vitals, Clock clock) {
        this.store = store;
        this.orders = orders;
        this.vitals = vitals;
        this.clock = clock;
    }

    /// Asks until interrupted.
    void run() throws InterruptedException {
        while (true) {
            lookOnce();
            clock.sleep(ROUND);
        }
    }

    void lookOnce() throws InterruptedException {
        var there =
                store.read(Followers::fit).stream()
                        .filter(node -> vitals.lost(node).isEmpty())
                        .toList();
        var wanted = store.read(catalog -> wanted(catalog, there));
        found.keySet().removeIf(region -> !store.read(catalog -> follows(catalog, region)));
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var entry : wanted.entrySet()) {
                tasks.execute(() -> ask(entry.getKey(), entry.getValue()));
            }
        }
    }

    private void ask(Node node, List<Order.Hot> regions) {
        try {
            var answer = orders.order(node, new Order.Follow(regions), ORDER_MAX);
            for (var each : answer.regions()) {
                found.put(each.region(), new Found(node, each.progress(), clock.nanos()));
            }
        } catch (TerraneException e) {
            LOG.log(Level.DEBUG, "not asked to follow: node={0} {1}", node, e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ------------------------------------------------------------ who follows what

    private static boolean follows(Catalog catalog, RegionId region) {
        return catalog.table(region.table()).filter(Followers::isFollowed).isPresent();
    }

    private static boolean isFollowed(TableRecord record) {
        return record.table().options().getOrDefault(OPTION, "0").equals("1");
    }

    private static List<Node> fit(Catalog catalog) {
        return catalog.nodes().stream().filter(NodeRecord::fit).map(NodeRecord::node).toList();
    }

    private Map<Node, List<Order.Hot>> wanted(Catalog catalog, List<Node> there) {
        var wanted = new HashMap<Node, List<Order.Hot>>();
        for (var table : catalog.tables()) {
            if (isFollowed(table)) {
                for (var region : catalog.regions(table.table().id())) {
                    follower(region, there)
                            .ifPresent(node ->
                                    wanted.computeIfAbsent(node, _ -> new ArrayList<>())
                                            .add(hot(region)));
                }
            }
        }
        return wanted;
    }

    private static Order.Hot hot(RegionRecord region) {
        return new Order.Hot(region.id(), region.wal(), region.flushed());
    }

    private Optional<Node> follower(RegionRecord region, List<Node> there) {
        var known = Optional.ofNullable(found.get(region.id())).map(Found::node);
        return switch (region.leadership()) {
            case Leadership.Led led when region.procedure().isEmpty() ->
                    there.stream()
                            .filter(node -> !node.equals(led.leader()))
                            .max(
                                    Comparator.comparingLong((Node node) -> rank(region.id(), node))
                                            .thenComparing(Node::peer));
            case Leadership.Led _, Leadership.HandingOver _, Leadership.Reclaiming _ ->
                    known.filter(there::contains);
        };
    }

    /// Another order of the nodes for each region, in which no node comes first for all: so the
    /// regions of a node that is gone are spread over the others.
    private static long rank(RegionId region, Node node) {
        long z = region.value() * 0x9E3779B97F4A7C15L + node.peer().value();
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    // ------------------------------------------------------------ for whoever needs one

    /// Who can take the region over with the least to replay.
    ///
    /// @param avoid who is not to be chosen
    Optional<Node> ready(RegionId region, Optional<Node> avoid) {
        return Optional.ofNullable(found.get(region))
                .filter(this::isRecent)
                .map(Found::node)
                .filter(node -> !avoid.equals(Optional.of(node)))
                .filter(node -> vitals.fit(node.peer()).equals(Optional.of(node)));
    }

    private boolean isRecent(Found last) {
        return clock.nanos() - last.nanos() < KEPT_FOR.toNanos();
    }

    /// All that were found lately, in order of their regions.
    public List<Follower> all() {
        return found.entrySet().stream()
                .filter(entry -> isRecent(entry.getValue()))
                .filter(entry -> !leads(entry.getKey(), entry.getValue().node()))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> follower(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// Where those are that [#all] names.
    public Map<RegionId, Route.Leader> addresses() {
        var addresses = new TreeMap<RegionId, Route.Leader>();
        for (var follower : all()) {
            store.read(catalog -> catalog.node(follower.node().peer()))
                    .map(record -> new Route.Leader(follower.node(), record.rpc()))
                    .ifPresent(address -> addresses.put(follower.region(), address));
        }
        return addresses;
    }

    private static Follower follower(RegionId region, Found found) {
        var progress = found.progress();
        return new Follower(region, found.node(), !progress.applied().isBelow(progress.end()));
    }

    private boolean leads(RegionId region, Node node) {
        return store.read(catalog ->
                catalog.region(region)
                        .filter(record ->
                                record.leadership() instanceof Leadership.Led led
                                        && led.leader().equals(node))
                        .isPresent());
    }
}
