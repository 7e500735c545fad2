package terrane.datanode.region;

import terrane.core.ProcedureId;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.datanode.log.ProducerLanes;
import terrane.wire.datanode.Order;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;

/// The copies that this node keeps ready for when their leaders are lost. The metasrv names the
/// regions every moment; what it names no more is closed by [Housekeeping]. Nothing rests on them:
/// whoever takes a region over claims and fences as ever, and replays what is not here.
///
/// A copy that cannot go on, because the log was pruned before it had read it or because a record
/// is unreadable, stops, is closed here, and is opened anew at the latest manifest: the latter not
/// before that manifest lets it pass the record, for it would only stop there again.
final class HotFollowers implements AutoCloseable {
    /// Whose copies these are: no procedure's.
    static final ProcedureId NOBODY = new ProcedureId(new UUID(0, 0));

    private static final System.Logger LOG = System.getLogger(HotFollowers.class.getName());

    /// How often memory is looked at, whether the metasrv speaks or not.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// What the metasrv named longer ago is not opened any more.
    private static final Duration NAMED_FOR = Duration.ofSeconds(10);

    /// Before anything is opened again after memory was short, so that one region does not come and
    /// go without end.
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Regions regions;
    private final Openings openings;
    private final ProducerLanes lanes;
    private final Clock clock;
    private final Terms terms;

    /// That there is something new; one word is enough.
    private final ArrayBlockingQueue<Boolean> signal = new ArrayBlockingQueue<>(1);

    private volatile Named named;
    private long pausedUntilNanos;

    private volatile long givesWayUntilNanos;

    private volatile boolean closed;

    private record Named(List<Order.Hot> regions, long untilNanos) {}

    /// What following may cost.
    ///
    /// @param bytesMax of memory for unflushed rows of all these copies together
    /// @param giveWay for so long after a claim nothing is opened
    record Terms(long bytesMax, Duration giveWay) {
        /// Regions that nobody leads go before those that nobody follows: whoever takes some over
        /// is asked to follow others before all have a leader, and would read their logs meanwhile.
        static Terms usual(long bytesMax) {
            return new Terms(bytesMax, Duration.ofSeconds(1));
        }
    }

    HotFollowers(
            Regions regions, Openings openings, ProducerLanes lanes, Clock clock, Terms terms) {
        this.regions = regions;
        this.openings = openings;
        this.lanes = lanes;
        this.clock = clock;
        this.terms = terms;
        this.named = new Named(List.of(), clock.nanos());
        this.pausedUntilNanos = clock.nanos();
        this.givesWayUntilNanos = clock.nanos();
    }

    /// Whether the copy follows for nobody, so that it is there when its leader is lost.
    static boolean isHot(RegionCopy copy) {
        return copy.procedure().equals(NOBODY);
    }

    void start() {
        Threads.virtual("hot-followers", this::run);
    }

    /// Answers at once with what is there now.
    Order.Followed follow(Order.Follow order) {
        named = new Named(order.regions(), clock.nanosAfter(NAMED_FOR));
        signal.offer(true);
        var found = new ArrayList<Order.HotProgress>();
        for (var hot : order.regions()) {
            ready(hot)
                    .map(this::asked)
                    .ifPresent(
                            progress -> found.add(new Order.HotProgress(hot.region(), progress)));
        }
        return new Order.Followed(found);
    }

    /// This node claims a region.
    void giveWay() {
        givesWayUntilNanos = clock.nanosAfter(terms.giveWay());
    }

    private Order.Progress asked(RegionCopy copy) {
        regions.asked(copy);
        return copy.progress();
    }

    private Optional<RegionCopy> ready(Order.Hot hot) {
        return regions.find(hot.region())
                .filter(HotFollowers::isHot)
                .filter(copy -> copy.role() instanceof Role.Following);
    }

    private void run() {
        try {
            while (!closed) {
                clock.poll(signal, LOOK_EVERY);
                lookOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Opens what is missing, one after the other, and brings what is there up to date.
    void lookOnce() throws InterruptedException {
        shed();
        var now = named;
        for (var hot : now.regions()) {
            if (closed || clock.passed(now.untilNanos())) {
                return;
            }
            visitQuietly(hot);
        }
    }

    private void visitQuietly(Order.Hot hot) throws InterruptedException {
        try {
            visit(hot);
        } catch (TerraneException e) {
            LOG.log(
                    Level.INFO,
                    "cannot be followed yet: region={0} {1}",
                    hot.region(),
                    e.getMessage());
        }
    }

    private void visit(Order.Hot hot) throws InterruptedException {
        try (var _ = openings.turn(hot.region())) {
            var there = regions.find(hot.region());
            if (there.isEmpty()) {
                open(hot);
            } else if (there.get().role() instanceof Role.Stopped) {
                if (mayPass(there.get())) {
                    open(hot);
                }
            } else if (isHot(there.get())) {
                regions.asked(there.get());
                if (there.get().replica().manifest().flushed().isBelow(hot.flushed())) {
                    openings.bringUpToDate(there.get());
                }
            }
        }
        warmUp(hot);
    }

    /// Whoever takes the region over has to append a fence, at once: with a producer that is there,
    /// and has been used.
    private void warmUp(Order.Hot hot) throws InterruptedException {
        if (closed) {
            return;
        }
        var lane = lanes.lane(hot.wal());
        if (!lane.used()) {
            openings.source().warmUp(lane, hot.region());
        }
    }

    /// Whether a new copy would not stop where this one has.
    private boolean mayPass(RegionCopy stopped) throws InterruptedException {
        var poison = stopped.cell().poisonedAt();
        if (poison.isEmpty()) {
            return true;
        }
        var latest = openings.source().latest(stopped.manifests(), stopped.region());
        return poison.get().isBelow(latest.flushed()) || latest.skipped().contains(poison.get());
    }

    private void open(Order.Hot hot) throws InterruptedException {
        if (clock.passed(pausedUntilNanos) && clock.passed(givesWayUntilNanos)) {
            var copy = openings.follow(NOBODY, hot.region(), hot.wal());
            regions.asked(copy);
            if (closed) {
                regions.remove(copy); // nobody else would close it
            }
        }
    }

    /// The largest copies go while all together have more than they may: their rows are their
    /// leaders' to flush, and a copy that is opened anew begins behind the last flush.
    private void shed() {
        var hot = new ArrayList<>(regions.hot());
        hot.sort(Comparator.comparingLong(HotFollowers::bytes));
        long bytes = hot.stream().mapToLong(HotFollowers::bytes).sum();
        while (bytes > terms.bytesMax() && !hot.isEmpty()) {
            var largest = hot.removeLast();
            bytes -= bytes(largest);
            LOG.log(
                    Level.WARNING,
                    "no memory to follow a region: region={0} bytes={1} bytes_max={2}",
                    largest.region(),
                    bytes(largest),
                    terms.bytesMax());
            regions.remove(largest);
            pausedUntilNanos = clock.nanosAfter(PAUSE);
        }
    }

    private static long bytes(RegionCopy copy) {
        return copy.replica().memoryBytes();
    }

    @Override
    public void close() {
        closed = true;
    }
}
