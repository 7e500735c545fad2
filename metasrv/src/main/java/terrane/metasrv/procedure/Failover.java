package terrane.metasrv.procedure;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.Randomness;
import terrane.core.RegionId;
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
import java.util.concurrent.ArrayBlockingQueue;

/// Gives regions whose leader is gone to somebody else. Safety does not rest on it: the procedure
/// that it starts waits until no lease of the old leader can be held.
final class Failover implements FailureWatcher {
    private static final System.Logger LOG = System.getLogger(Failover.class.getName());

    /// Those whose logs are read together come one after the other.
    private static final Comparator<Orphan> BY_PARTITION =
            Comparator.comparing((Orphan orphan) -> orphan.region().wal().toString())
                    .thenComparing(orphan -> orphan.region().id());

    /// How soon silence is noticed after it has lasted for a whole lease.
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final CatalogStore store;
    private final Vitals vitals;
    private final Clock clock;
    private final Randomness randomness;

    /// That something has happened; one word is enough for any number of events.
    private final ArrayBlockingQueue<Boolean> events = new ArrayBlockingQueue<>(1);

    Failover(CatalogStore store, Vitals vitals, Clock clock, Randomness randomness) {
        this.store = store;
        this.vitals = vitals;
        this.clock = clock;
        this.randomness = randomness;
    }

    @Override
    public void arrived(Node node) {
        events.offer(true); // it may have replaced a leader, or be the one that all wait for
    }

    @Override
    public void heartbeat(Node node, long nanos) {
        // The ledger knows.
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
            lookOnce();
            clock.poll(events, LOOK_EVERY);
        }
    }

    /// A region without a procedure whose leader is lost.
    private record Orphan(RegionRecord region, Led led, String reason) {}

    void lookOnce() throws InterruptedException {
        var orphans = orphans();
        var shares = new Shares(vitals, orphans.size());
        for (var orphan : orphans) {
            failOver(orphan, shares);
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
        orphans.sort(BY_PARTITION);
        return orphans;
    }

    private static List<RegionRecord> led(Catalog catalog) {
        return catalog.regions().stream()
                .filter(region -> region.procedure().isEmpty())
                .filter(region -> region.leadership() instanceof Led)
                .toList();
    }

    private void failOver(Orphan orphan, Shares shares) throws InterruptedException {
        var claimant = claimant(orphan, shares);
        if (claimant.isEmpty()) {
            return; // looked at again in a moment
        }
        var region = orphan.region();
        var leader = orphan.led().leader();
        var plan =
                new Plan(
                        region.id(),
                        Plan.Cause.FAILED_OVER,
                        Optional.of(leader.peer()),
                        claimant.get().peer(),
                        Plan.Limits.DEFAULT,
                        clock.now());
        var fresh = new Fresh(leader, claimant.get(), claimant.get(), region.lastEpoch().next());
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
                claimant.get(),
                orphan.reason(),
                applied);
    }

    /// The same node if it only gave up one region and lives: it has the files. Otherwise who has
    /// the least to do, counting what was given in this round.
    private Optional<Node> claimant(Orphan orphan, Shares shares) {
        var leader = orphan.led().leader();
        if (vitals.lost(leader).isEmpty() && vitals.fit(leader.peer()).isPresent()) {
            return Optional.of(leader);
        }
        return shares.next(orphan.region().wal(), leader);
    }
}
