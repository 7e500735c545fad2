package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.datanode.lease.LeaseTable;
import terrane.engine.manifest.Edit;
import terrane.engine.manifest.Manifest;
import terrane.engine.region.Replica;
import terrane.engine.wal.Wal;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What keeps a region's log, manifest and files short while nobody asks for anything: an idle
/// region lets the log behind it go, and old manifest versions and unused files are deleted.
final class Housekeeping implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());

    /// An idle region holds back at most that many records of its partition's others: some hundred
    /// megabytes, replayed in about a second.
    private static final long IDLE_RECORDS_MAX = 10_000;

    /// Versions between two claims, which let the older ones go: some 64 small objects.
    private static final long VERSIONS_MAX = 64;

    /// Between rounds over all regions that this node leads.
    private static final Duration ROUND = Duration.ofMinutes(1);

    /// While storage does not say whether a version was created, it is asked again after this.
    private static final Duration RETRY = Duration.ofMillis(200);

    private final Regions regions;
    private final LeaseTable leases;
    private final Wal wal;
    private final Node me;
    private final Clock clock;
    private final OrphanSweep orphans;
    private volatile boolean closed;

    /// Copies that were of no use a round ago.
    private Set<RegionCopy> useless = Set.of();

    Housekeeping(
            Regions regions,
            LeaseTable leases,
            Wal wal,
            Node me,
            Clock clock,
            OrphanSweep orphans) {
        this.regions = regions;
        this.leases = leases;
        this.wal = wal;
        this.me = me;
        this.clock = clock;
        this.orphans = orphans;
    }

    void start() {
        Threads.virtual("housekeeping", this::run);
    }

    private void run() {
        try {
            while (!closed) {
                clock.sleep(ROUND);
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() throws InterruptedException {
        try {
            sweep();
            visitAll();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "housekeeping failed, is tried again", e);
        }
    }

    void visitAll() throws InterruptedException {
        var leading = regions.leading();
        orphans.keepOnly(Set.copyOf(leading));
        for (var copy : leading) {
            if (copy.role() instanceof Role.Leading now) {
                visit(copy, now.epoch());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /// Lets go of copies that have been of no use for a round, whose rows would fill the memory for
    /// ever: the order to close them may have found this node silent, and will not come again.
    void sweep() {
        var now = new HashSet<RegionCopy>();
        for (var copy : regions.all()) {
            if (isOfUse(copy)) {
                continue;
            }
            if (useless.contains(copy)) {
                LOG.log(
                        Level.INFO,
                        "a copy of no use is closed: region={0} role={1}",
                        copy.region(),
                        copy.role());
                regions.remove(copy);
            } else {
                now.add(copy);
            }
        }
        useless = now;
        regions.forgetAsked();
    }

    private boolean isOfUse(RegionCopy copy) {
        return switch (copy.role()) {
            case Role.Following _ -> regions.wasAsked(copy);
            case Role.Preparing preparing -> !leases.isOver(copy.region(), preparing.epoch());
            case Role.Leading leading -> !leases.isOver(copy.region(), leading.epoch());
            case Role.HandingOver handing -> !leases.isOver(copy.region(), handing.epoch());
            case Role.HandedOver _, Role.Stopped _ -> false;
        };
    }

    private void visit(RegionCopy copy, Epoch epoch) throws InterruptedException {
        if (!copy.edits().begin()) {
            return;
        }
        try {
            orphans.visit(copy, epoch);
            if (copy.edits().create(Duration.ZERO)) {
                advanceIdle(copy, epoch);
                letOldVersionsGo(copy, epoch);
            }
        } catch (TerraneException e) {
            LOG.log(
                    Level.INFO,
                    "housekeeping is tried again later: region={0} cause={1}",
                    copy.region(),
                    e.getMessage());
        } finally {
            copy.edits().end();
        }
    }

    /// A region with nothing unflushed may advance its flushed offset to a log end that was read
    /// before a passing lease check: whatever lies below it and is the region's is applied.
    private void advanceIdle(RegionCopy copy, Epoch epoch) throws InterruptedException {
        var end = wal.end(copy.identity().wal());
        if (end.minus(copy.replica().manifest().flushed()) < IDLE_RECORDS_MAX
                || !copy.isQuiet(epoch)) {
            return;
        }
        var idle = copy.replica().idle();
        if (idle.isPresent()) {
            create(copy, advanced(copy, epoch, idle.get(), end));
        }
    }

    private Manifest advanced(RegionCopy copy, Epoch epoch, Replica.Flushing idle, WalOffset to) {
        var now = copy.replica().manifest();
        return now.withContent(
                        idle.schema(),
                        WalOffset.max(now.flushed(), to),
                        idle.fenceEpoch(),
                        now.files(),
                        idle.keys())
                .next(copy.manifests().writer(epoch, me.incarnation()));
    }

    /// The edit ends only when its outcome is known.
    private void create(RegionCopy copy, Manifest next) throws InterruptedException {
        var edit = copy.manifests().create(next);
        while (edit instanceof Edit.Unknown && copy.role() instanceof Role.Leading) {
            clock.sleep(RETRY);
            edit = copy.manifests().create(next);
        }
        take(copy, edit);
    }

    private void letOldVersionsGo(RegionCopy copy, Epoch epoch) throws InterruptedException {
        var latest = copy.replica().manifest();
        if (latest.version() % VERSIONS_MAX != 0 || !copy.isQuiet(epoch)) {
            return;
        }
        var edit = claim(copy, epoch);
        while (edit instanceof Edit.Unknown && copy.role() instanceof Role.Leading) {
            clock.sleep(RETRY);
            edit = claim(copy, epoch);
        }
        if (take(copy, edit).isPresent()) {
            copy.manifests().prune(copy.replica().manifest());
        }
    }

    private Edit claim(RegionCopy copy, Epoch epoch) throws InterruptedException {
        var latest = copy.replica().manifest();
        return copy.manifests().claim(epoch, me.incarnation(), () -> latest);
    }

    private static Optional<Manifest> take(RegionCopy copy, Edit edit) {
        return switch (edit) {
            case Edit.Created created -> {
                copy.replica().adopt(created.manifest());
                yield Optional.of(created.manifest());
            }
            case Edit.Superseded superseded -> {
                copy.stop("the manifest names a later leader: " + superseded.latest().writer());
                yield Optional.empty();
            }
            case Edit.Lost lost -> {
                copy.stop("the manifest has a version that cannot be: " + lost.winner().writer());
                yield Optional.empty();
            }
            case Edit.Unknown _ -> Optional.empty();
        };
    }
}
