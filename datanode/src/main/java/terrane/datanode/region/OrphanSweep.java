package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.datanode.lease.LeaseTable;
import terrane.engine.manifest.FileSweeper;
import terrane.engine.manifest.RegionObjects;
import terrane.engine.storage.ObjectStore;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/// Deletes the files that flushes left on shared storage which failed after the upload: no manifest
/// names them, or ever will. For one thread.
final class OrphanSweep {
    private static final System.Logger LOG = System.getLogger(OrphanSweep.class.getName());

    /// One region's sweep keeps its flush waiting for as long; what is left goes the next time.
    private static final Duration SWEEP_MAX = Duration.ofSeconds(5);

    private final ObjectStore store;
    private final LeaseTable leases;
    private final Clock clock;
    private final Terms terms;
    private final IntConsumer deleted;

    /// One for each region that this node leads; [#keepOnly] lets go of the others.
    private final Map<RegionCopy, Sweeping> sweepings = new HashMap<>();

    /// @param grace for how long a file must have been seen unnamed; longer than the longest scan
    /// @param every between two looks at one region, each of which lists its files
    record Terms(Duration grace, Duration every) {
        /// A query ends within a minute. A list costs money on S3: it is asked for six times an
        /// hour for each region.
        static final Terms USUAL = new Terms(Duration.ofHours(1), Duration.ofMinutes(10));
    }

    private record Sweeping(FileSweeper sweeper, long nextNanos) {}

    /// @param deleted is told how many files are gone
    OrphanSweep(
            ObjectStore store, LeaseTable leases, Clock clock, Terms terms, IntConsumer deleted) {
        this.store = store;
        this.leases = leases;
        this.clock = clock;
        this.terms = terms;
        this.deleted = deleted;
    }

    /// Looks at one region, if it is time. Whoever calls has begun an edit of the copy, so that no
    /// flush is under way: none has a file that is uploaded and will yet be named. If anything is
    /// in doubt, nothing is deleted.
    void visit(RegionCopy copy, Epoch epoch) throws InterruptedException {
        var sweeping = sweepings.computeIfAbsent(copy, this::begin);
        if (!clock.passed(sweeping.nextNanos())) {
            return;
        }
        sweepings.put(copy, new Sweeping(sweeping.sweeper(), clock.nanosAfter(terms.every())));
        long deadline = clock.nanosAfter(SWEEP_MAX);
        try {
            var files =
                    sweeping.sweeper()
                            .sweep(
                                    epoch,
                                    () -> mayDelete(copy, epoch) && !clock.passed(deadline),
                                    Set::of);
            if (!files.isEmpty()) {
                deleted.accept(files.size());
                LOG.log(
                        Level.INFO,
                        "deleted what failed flushes had left: region={0} files={1}",
                        copy.region(),
                        files);
            }
        } catch (TerraneException e) {
            LOG.log(
                    Level.INFO,
                    "unused files stay for now: region={0} cause={1}",
                    copy.region(),
                    e.text());
        }
    }

    private boolean mayDelete(RegionCopy copy, Epoch epoch) {
        return copy.role() instanceof Role.Leading leading
                && leading.epoch().equals(epoch)
                && leases.held(copy.region(), epoch);
    }

    private Sweeping begin(RegionCopy copy) {
        var sweeper =
                new FileSweeper(
                        store,
                        new RegionObjects(copy.region()),
                        copy.manifests(),
                        clock,
                        terms.grace());
        return new Sweeping(sweeper, clock.nanos());
    }

    /// Forgets the regions that this node leads no more: whoever leads them counts anew.
    void keepOnly(Set<RegionCopy> leading) {
        sweepings.keySet().retainAll(leading);
    }
}
