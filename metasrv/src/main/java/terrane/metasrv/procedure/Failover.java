package terrane.metasrv.procedure;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership.Led;
import terrane.core.catalog.RegionRecord;
import terrane.core.migration.Migration;
import terrane.core.migration.Outcome.Fresh;
import terrane.core.migration.Plan;
import terrane.core.time.Clock;
import terrane.metasrv.node.FailureWatcher;
import terrane.metasrv.raft.CatalogStore;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Gives regions whose leader is gone to somebody else. Safety does not rest on it: the procedure
/// that it starts waits until no lease of the old leader can be held.
final class Failover implements FailureWatcher {
    private static final System.Logger LOG = System.getLogger(Failover.class.getName());

    /// Those whose logs are read together come one after the other.
    private static final Comparator<Orphan> BY_PARTITION =
            Comparator.comparing((Orphan orphan) -> orphan.region().wal().toString())
                    .thenComparing(orphan -> orphan.region().id());

    /// As many entries as wait for one round trip of the catalog's log.
    private static final int TOGETHER_MAX = 64;

    /// How soon a loss is noticed that no lease tells the moment of.
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final CatalogStore store;
    private final Vitals vitals;
    private final Followers followers;
    private final Listening listening;
    private final Clock clock;
    private final Randomness randomness;

    /// That something has happened; one word is enough for any number of events.
    private final ArrayBlockingQueue<Boolean> events = new ArrayBlockingQueue<>(1);

    /// Those that led something when it was looked last, and were not lost.
    private Set<Node> leaders = Set.of();

    Failover(
            CatalogStore store,
            Vitals vitals,
            Followers followers,
            Listening listening,
            Clock clock,
            Randomness randomness) {
        this.store = store;
        this.vitals = vitals;
        this.followers = followers;
        this.listening = listening;
        this.clock = clock;
        this.randomness = randomness;
    }

    @Override
    public void arrived(Node node) {
        listening.heard(node);
        events.offer(true); // it may have replaced a leader, or be the one that all wait for
    }

    @Override
    public void heartbeat(Node node, long nanos) {
        listening.heard(node); // until when its leases may be held, the ledger knows
    }

    @Override
    public void disconnected(Node node) {
        // It may come back before its lease lapses.
    }

    @Override
    public void left(Node node) {
        events.offer(true);
    }

    @Override
    public void gaveUp(Node node, RegionId region, Epoch epoch, String reason) {
        LOG.log(
                Level.WARNING,
                "gave up region={0} epoch={1} node={2} {3}",
                region,
                epoch,
                node,
                reason);
        vitals.gaveUp(region, epoch);
        events.offer(true);
    }

    /// Watches until interrupted.
    ///
    /// @throws terrane.core.TerraneException.NotLeader if this metasrv leads no more
    void watch() throws InterruptedException {
        while (true) {
            listening.awake();
            lookOnce();
            clock.poll(events, untilNextLook());
        }
    }

    /// The moment at which the lease of a silent node lapses is known: that one is not missed by a
    /// tenth of a second.
    private Duration untilNextLook() {
        return leaders.stream()
                .map(vitals::untilLapsed)
                .filter(Duration::isPositive)
                .filter(until -> until.compareTo(LOOK_EVERY) < 0)
                .min(Duration::compareTo)
                .orElse(LOOK_EVERY);
    }

    /// A region without a procedure whose leader is lost.
    private record Orphan(RegionRecord region, Led led, String reason) {}

    void lookOnce() throws InterruptedException {
        var orphans = orphans();
        var shares = new Shares(vitals, orphans.size());
        for (int from = 0; from < orphans.size(); from += TOGETHER_MAX) {
            int to = Math.min(orphans.size(), from + TOGETHER_MAX);
            failOver(orphans.subList(from, to), shares);
        }
    }

    /// Commits together, so that they share the log's round trips, and what is claimed together is
    /// replayed together.
    private void failOver(List<Orphan> orphans, Shares shares) throws InterruptedException {
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var commits = new ArrayList<Callable<@Nullable Void>>();
            for (var orphan : orphans) {
                // Who finds nobody is looked at again in a moment.
                claimant(orphan, shares)
                        .ifPresent(claimant -> commits.add(() -> failOver(orphan, claimant)));
            }
            for (var commit : tasks.invokeAll(commits)) {
                done(commit);
            }
        }
    }

    private static void done(Future<@Nullable Void> commit) throws InterruptedException {
        try {
            commit.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TerraneException known -> throw known;
                case InterruptedException interrupted -> throw interrupted;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("failover failed", e);
            }
        }
    }

    private List<Orphan> orphans() {
        var losses = new HashMap<Node, Optional<String>>();
        var orphans = new ArrayList<Orphan>();
        for (var region : store.read(Failover::led)) {
            if (region.leadership() instanceof Led led) {
                var reason =
                        losses.computeIfAbsent(led.leader(), vitals::lost)
                                .or(() -> vitals.gaveUp(region.id(), led));
                reason.ifPresent(text -> orphans.add(new Orphan(region, led, text)));
            }
        }
        losses.values().removeIf(Optional::isPresent);
        leaders = Set.copyOf(losses.keySet());
        orphans.sort(BY_PARTITION);
        return orphans;
    }

    private static List<RegionRecord> led(Catalog catalog) {
        return catalog.regions().stream()
                .filter(region -> region.procedure().isEmpty())
                .filter(region -> region.leadership() instanceof Led)
                .toList();
    }

    private @Nullable Void failOver(Orphan orphan, Node claimant) throws InterruptedException {
        var region = orphan.region();
        var leader = orphan.led().leader();
        var plan =
                new Plan(
                        region.id(),
                        Plan.Cause.FAILED_OVER,
                        Optional.of(leader.peer()),
                        claimant.peer(),
                        Plan.Limits.DEFAULT,
                        clock.now());
        var fresh = new Fresh(leader, claimant, claimant, region.lastEpoch().next());
        var id = ProcedureId.random(randomness);
        var applied =
                store.commit(
                        new Change.SubmitMigration(
                                id, plan, Migration.begin(plan, false, fresh), Optional.empty()));
        LOG.log(
                Level.WARNING,
                "failover region={0} procedure={1} claimant={2} reason={3} result={4}",
                region.id(),
                id,
                claimant,
                orphan.reason(),
                applied);
        return null;
    }

    /// The same node if it only gave up one region and lives: it has the files. Otherwise who
    /// follows it already, or else who has the least to do, counting what was given in this round.
    private Optional<Node> claimant(Orphan orphan, Shares shares) {
        var leader = orphan.led().leader();
        if (vitals.lost(leader).isEmpty() && vitals.fit(leader.peer()).isPresent()) {
            return Optional.of(leader);
        }
        return followers
                .ready(orphan.region().id(), Optional.of(leader))
                .or(() -> shares.next(orphan.region().wal(), leader));
    }
}
