package terrane.metasrv.procedure;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.Leadership;
import terrane.core.catalog.Measured;
import terrane.core.catalog.Procedure.Migrating;
import terrane.core.catalog.RegionRecord;
import terrane.core.migration.Outcome;
import terrane.core.time.Clock;
import terrane.core.time.Durations;
import terrane.metasrv.raft.CatalogStore;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;
import terrane.wire.datanode.Order.Position;
import terrane.wire.datanode.Order.Progress;

import java.time.Duration;
import java.util.Optional;

/// The target opens a follower and catches up, while the source acknowledges as before.
final class FollowDuty {
    /// A handover waits for what is left; at the slowest replay measured, 10,000 records of 1 KiB a
    /// second, this is 0.1 s, and most of it is read while the manifest is being frozen.
    private static final long LAG_RECORDS_MAX = 1_000;

    /// One order: long enough for opening a large manifest, and only a bound, since the check of
    /// [Watch] ends the wait.
    private static final Duration OPEN_MAX = Duration.ofMinutes(10);

    private static final Duration APPLIED_ASK = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final CatalogStore store;
    private final Asking asking;
    private final Watch watch;
    private final Selector selector;
    private final LeaseFreshener freshener;
    private final Clock clock;

    FollowDuty(
            CatalogStore store,
            Asking asking,
            Watch watch,
            Selector selector,
            LeaseFreshener freshener,
            Clock clock) {
        this.store = store;
        this.asking = asking;
        this.watch = watch;
        this.selector = selector;
        this.freshener = freshener;
        this.clock = clock;
    }

    /// Who takes part, as of the beginning of a duty: whoever replaces one of them is another node.
    private record Pair(Node source, Epoch epoch, Node target) {}

    Performed open(Migrating held) throws InterruptedException {
        // The pin is durable before anybody reads the manifest: what that names is then kept.
        store.commit(new Change.Pin(held.id()));
        var ends = pair(held);
        if (ends.isEmpty()) {
            return new Performed(gone(held));
        }
        var target = ends.get().target();
        var region = store.read(catalog -> Selector.region(catalog, held.plan().region()));
        var schema =
                store.read(catalog ->
                        catalog.table(region.id().table()).orElseThrow().table().schema());
        var order = new Order.OpenFollower(held.id(), region.id(), region.wal(), schema);
        return switch (ask(held, ends.get(), target, order, OPEN_MAX)) {
            case Asked.Answered<Progress> answered ->
                    new Performed(done(held, ends.get()), lag(answered.reply()));
            case Asked.CalledAway<Progress> away -> new Performed(away.outcome());
            case Asked.Refused<Progress> refused ->
                    new Performed(
                            new Outcome.TargetLost(
                                    "target cannot open the region: " + refused.reason(),
                                    selector.fresh(held.plan(), Optional.of(target))));
        };
    }

    private static Measured lag(Progress progress) {
        return lag(Math.max(0, progress.end().minus(progress.applied())), Optional.empty());
    }

    private static Measured lag(long records, Optional<Duration> predicted) {
        return new Measured(Optional.of(records), predicted, Optional.empty(), Optional.empty());
    }

    private <R extends Reply> Asked<R> ask(
            Migrating held, Pair ends, Node node, Order<R> order, Duration atMost)
            throws InterruptedException {
        return asking.ask(node, order, atMost, () -> watch.beforeHandover(held, ends.target()));
    }

    private Optional<Pair> pair(Migrating held) {
        return store.read(catalog -> {
            var region = Selector.region(catalog, held.plan().region());
            var target = catalog.node(held.plan().target()).map(record -> record.node());
            return region.leadership() instanceof Leadership.Led led
                    ? target.map(node -> new Pair(led.leader(), led.epoch(), node))
                    : Optional.empty();
        });
    }

    private Outcome gone(Migrating held) throws InterruptedException {
        var fresh = selector.fresh(held.plan(), Optional.empty());
        return new Outcome.TargetLost("target is not registered", fresh);
    }

    private Outcome done(Migrating held, Pair ends) throws InterruptedException {
        var fresh = selector.fresh(held.plan(), Optional.empty());
        return new Outcome.Done(
                new Outcome.Fresh(ends.source(), ends.target(), fresh.claimant(), fresh.epoch()));
    }

    Performed awaitCaughtUp(Migrating held) throws InterruptedException {
        var ends = pair(held);
        if (ends.isEmpty()) {
            return new Performed(gone(held));
        }
        var following =
                follow(
                        held,
                        ends.get(),
                        new Order.AskPosition(held.id(), held.plan().region(), ends.get().epoch()),
                        LAG_RECORDS_MAX);
        if (following.outcome().isPresent()) {
            return new Performed(following.outcome().get());
        }
        var freeze = new Order.Freeze(held.id(), held.plan().region(), ends.get().epoch());
        var frozen = follow(held, ends.get(), freeze, 0);
        if (frozen.outcome().isPresent()) {
            return new Performed(frozen.outcome().get(), following.measured());
        }
        return ready(held, ends.get());
    }

    /// How far the target has come behind one position of the source.
    ///
    /// @param outcome present if the duty ends here
    private record Followed(Optional<Outcome> outcome, Measured measured, Duration gap) {
        static Followed ended(Outcome outcome) {
            return new Followed(Optional.of(outcome), Measured.NOTHING, Duration.ZERO);
        }
    }

    /// Asks the source where it is, by `where`, until the target is within `lagMax` of that.
    private Followed follow(Migrating held, Pair ends, Order<Position> where, long lagMax)
            throws InterruptedException {
        var reported = clock.nanos();
        while (true) {
            var followed = followOnce(held, ends, where);
            boolean near = followed.measured().lagRecords().orElse(Long.MAX_VALUE) <= lagMax;
            if (followed.outcome().isPresent() || near) {
                return followed;
            }
            if (clock.nanos() - reported > Duration.ofSeconds(1).toNanos()) {
                reported = clock.nanos();
                report(held, followed.measured());
            }
            clock.sleep(PAUSE);
        }
    }

    private Followed followOnce(Migrating held, Pair ends, Order<Position> where)
            throws InterruptedException {
        // Before it freezes its manifest the source may flush, which takes as long as it takes.
        var position = ask(held, ends, ends.source(), where, OPEN_MAX);
        if (!(position instanceof Asked.Answered<Position>(var at))) {
            return Followed.ended(stopped(held, "source", position));
        }
        var wait =
                new Order.AwaitApplied(
                        held.id(),
                        held.plan().region(),
                        at.applied(),
                        at.manifestVersion(),
                        APPLIED_ASK);
        // A later manifest is opened first, which takes as long as it takes, too.
        var progress = ask(held, ends, ends.target(), wait, OPEN_MAX);
        if (!(progress instanceof Asked.Answered<Progress>(var reached))) {
            return Followed.ended(stopped(held, "target", progress));
        }
        boolean loaded = reached.manifestVersion() >= at.manifestVersion();
        long missing = Math.max(0, at.applied().minus(reached.applied()));
        var gap = GapPrediction.of(at, reached);
        return new Followed(
                Optional.empty(), lag(loaded ? missing : missing + 1, Optional.of(gap)), gap);
    }

    private <R extends Reply> Outcome stopped(Migrating held, String who, Asked<R> asked)
            throws InterruptedException {
        return switch (asked) {
            case Asked.CalledAway<R> away -> away.outcome();
            case Asked.Refused<R> refused ->
                    new Outcome.Stalled(
                            who + " refused: " + refused.reason(),
                            selector.fresh(held.plan(), Optional.empty()));
            case Asked.Answered<R> answered ->
                    throw new IllegalStateException("not stopped: " + answered);
        };
    }

    /// For people who watch; nothing rests on it.
    private void report(Migrating held, Measured measured) throws InterruptedException {
        store.commit(
                new Change.SaveMigration(
                        held.id(), held.version(), held.state(), measured, clock.now()));
    }

    /// The target is there. What the handover would cost is asked a few times, since one slow
    /// append is no reason to give up.
    private Performed ready(Migrating held, Pair ends) throws InterruptedException {
        var last = Followed.ended(gone(held));
        for (int attempt = 0; attempt < 5; attempt++) {
            last = followOnce(held, ends, position(held, ends));
            if (last.outcome().isPresent()) {
                return new Performed(last.outcome().get(), last.measured());
            }
            if (within(held, last.gap())) {
                return finish(held, ends, last);
            }
            clock.sleep(PAUSE);
        }
        return new Performed(
                new Outcome.GapExceeded(Durations.format(last.gap())), last.measured());
    }

    private static Order<Position> position(Migrating held, Pair ends) {
        return new Order.AskPosition(held.id(), held.plan().region(), ends.epoch());
    }

    private static boolean within(Migrating held, Duration gap) {
        return held.plan().limits().maxPause().map(max -> gap.compareTo(max) <= 0).orElse(true);
    }

    private Performed finish(Migrating held, Pair ends, Followed last) throws InterruptedException {
        if (!held.plan().limits().dryRun()) {
            freshener.freshen(held.plan().region(), ends.source(), ends.epoch(), ends.target());
        }
        var away = watch.beforeHandover(held, ends.target());
        return new Performed(away.isPresent() ? away.get() : done(held, ends), last.measured());
    }

    /// The region as it is now, for those beside this class.
    static RegionRecord region(Catalog catalog, Migrating held) {
        return Selector.region(catalog, held.plan().region());
    }
}
