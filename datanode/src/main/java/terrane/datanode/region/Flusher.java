package terrane.datanode.region;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Node;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.engine.manifest.Edit;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.RegionObjects;
import terrane.engine.memtable.Snapshot;
import terrane.engine.region.FlushedFile;
import terrane.engine.region.RegionEngine;
import terrane.engine.region.Replica;
import terrane.engine.storage.FileCache;
import terrane.engine.storage.ObjectStore;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Brings rows from memory into files: when a region has many, when the node has many, and when
/// somebody asks.
public final class Flusher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Flusher.class.getName());

    /// How often the node looks whether something is to be flushed.
    private static final Duration LOOK = Duration.ofSeconds(1);

    /// While storage does not say whether a version was created, it is asked again after this.
    private static final Duration RETRY = Duration.ofMillis(200);

    /// Longer than a handover takes; afterwards the rows are written to another file.
    private static final Duration THAW_MAX = Duration.ofSeconds(10);

    private final Regions regions;
    private final RegionEngine engine;
    private final ObjectStore store;
    private final FileCache cache;
    private final Node me;
    private final Clock clock;
    private final Settings settings;

    /// One of each region at most: while storage is away, the next try need not write it again.
    private final Map<RegionCopy, Written> notUploaded = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /// @param regionBytesMax a region with more unflushed bytes is flushed
    /// @param nodeBytesMax when all regions together have more, the largest is flushed
    /// @param folder for files that are being written
    public record Settings(
            long regionBytesMax, long nodeBytesMax, Path folder, Randomness randomness) {}

    /// A file that storage has not taken yet.
    ///
    /// @param rows what is in it
    /// @param local where it lies meanwhile
    private record Written(Epoch epoch, Replica.Flushing rows, FlushedFile file, Path local) {
        /// The rows that were taken aside stay the same ones until they are flushed.
        boolean isOf(Epoch leading, Replica.Flushing flushing) {
            return epoch.equals(leading) && rows.equals(flushing);
        }
    }

    Flusher(
            Regions regions,
            RegionEngine engine,
            ObjectStore store,
            FileCache cache,
            Node me,
            Clock clock,
            Settings settings) {
        this.regions = regions;
        this.engine = engine;
        this.store = store;
        this.cache = cache;
        this.me = me;
        this.clock = clock;
        this.settings = settings;
    }

    void start() {
        Threads.virtual("flusher", this::run);
    }

    private void run() {
        try {
            while (!closed) {
                discardForeign();
                for (var copy : due()) {
                    flushQuietly(copy);
                }
                clock.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<RegionCopy> due() {
        var leading = new ArrayList<>(regions.leading());
        leading.sort(
                Comparator.comparingLong((RegionCopy copy) -> copy.replica().memoryBytes())
                        .reversed());
        long inMemory = regions.memoryBytes();
        var due = new ArrayList<RegionCopy>();
        for (var copy : leading) {
            long bytes = copy.replica().memoryBytes();
            if (bytes > settings.regionBytesMax() || inMemory > settings.nodeBytesMax()) {
                due.add(copy);
                inMemory -= bytes;
            }
        }
        return due;
    }

    private void flushQuietly(RegionCopy copy) throws InterruptedException {
        try {
            if (copy.role() instanceof Role.Leading leading && copy.edits().begin()) {
                edit(copy, leading.epoch());
            }
        } catch (TerraneException e) {
            LOG.log(
                    Level.WARNING,
                    "flush failed, is tried again: region={0} cause={1}",
                    copy.region(),
                    e.getMessage());
        } catch (RuntimeException e) {
            // A copy may be closed at any moment of a flush; the other regions are flushed all the
            // same.
            LOG.log(Level.WARNING, "flush failed unexpectedly: region=" + copy.region(), e);
        }
    }

    /// Flushes what is applied now; blocks until it is in files.
    ///
    /// @throws TerraneException.Unavailable if a flush is under way, or the region is being moved
    void flushNow(RegionCopy copy, Epoch epoch) throws InterruptedException {
        copy.position(epoch); // refuses unless it leads under that epoch
        if (!copy.edits().begin()) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY,
                    "the region is being flushed already: region=%s",
                    copy.region());
        }
        edit(copy, epoch);
    }

    /// Flushes before a handover what is due anyway: a flush that begins later never ends, since
    /// its version is not created while edits are frozen, and a region that moves on faster than it
    /// can be flushed would fill the memory of every node that it comes by.
    ///
    /// @throws TerraneException.Unavailable if a flush is under way, or storage does not take it
    void flushIfDue(RegionCopy copy, Epoch epoch) throws InterruptedException {
        boolean due =
                copy.replica().memoryBytes() > settings.regionBytesMax()
                        || regions.memoryBytes() > settings.nodeBytesMax();
        if (!due) {
            return;
        }
        try {
            flushNow(copy, epoch);
        } catch (TerraneException.Unavailable e) {
            if (e.code() != ErrorCode.FOLDER_FAILED) {
                throw e;
            }
            // This node's disk is a reason to leave it; where the region goes, it is flushed.
            LOG.log(
                    Level.WARNING,
                    "moves without a flush: region={0} cause={1}",
                    copy.region(),
                    e.getMessage());
        }
    }

    /// One edit, which ends only when its outcome is known.
    private void edit(RegionCopy copy, Epoch epoch) throws InterruptedException {
        try {
            var flushing = copy.replica().beginFlush();
            if (flushing.isPresent()) {
                var file = write(copy, epoch, flushing.get());
                commit(copy, epoch, flushing.get(), file);
            }
        } finally {
            copy.edits().end();
        }
    }

    /// A file in storage with these rows. Each try has a name of its own: an earlier one may land
    /// late, and so may its deletion as an orphan.
    private Manifest.DataFile write(RegionCopy copy, Epoch epoch, Replica.Flushing flushing)
            throws InterruptedException {
        var name = RegionObjects.newFile(epoch, settings.randomness().nextLong());
        var written = written(copy, epoch, flushing, name);
        var file = written.file().named(name);
        var object = new RegionObjects(copy.region()).object(file);
        try {
            store.upload(object, written.local());
        } catch (TerraneException.Unavailable e) {
            notUploaded.put(copy, written);
            throw e;
        } catch (InterruptedException | RuntimeException e) {
            discard(written.local());
            throw e;
        }
        cache.adopt(object, written.local(), written.file().sizeBytes());
        return file;
    }

    private Written written(RegionCopy copy, Epoch epoch, Replica.Flushing flushing, String name)
            throws InterruptedException {
        var before = notUploaded.remove(copy);
        if (before != null && before.isOf(epoch, flushing) && Files.exists(before.local())) {
            return before;
        }
        if (before != null) {
            discard(before.local());
        }
        var local = settings.folder().resolve(copy.region() + "-" + name.replace('/', '-'));
        try (Snapshot rows = flushing.memtable().snapshot()) {
            var file = engine.write(List.of(rows), flushing.schema(), local);
            return new Written(epoch, flushing, file, local);
        } catch (TerraneException.Unavailable e) {
            if (e.code() == ErrorCode.FOLDER_FAILED) {
                cache.giveWay();
            }
            throw e;
        }
    }

    /// The rows of a region that left this node are another's to flush.
    void discardForeign() {
        notUploaded.forEach((copy, written) -> {
            boolean leads =
                    copy.role() instanceof Role.Leading leading
                            && leading.epoch().equals(written.epoch());
            if (!leads && notUploaded.remove(copy, written)) {
                discard(written.local());
            }
        });
    }

    private static void discard(Path local) {
        try {
            Files.deleteIfExists(local);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "unused file remains: path=" + local, e);
        }
    }

    private void commit(
            RegionCopy copy, Epoch epoch, Replica.Flushing flushing, Manifest.DataFile file)
            throws InterruptedException {
        var now = copy.replica().manifest();
        var files = new ArrayList<>(now.files());
        files.add(file);
        var next =
                now.withContent(
                                flushing.schema(),
                                flushing.upTo(),
                                flushing.fenceEpoch(),
                                files,
                                flushing.keys())
                        .next(copy.manifests().writer(epoch, me.incarnation()));
        awaitThaw(copy);
        while (copy.role() instanceof Role.Leading) {
            switch (copy.manifests().create(next)) {
                case Edit.Created created -> {
                    copy.replica().endFlush(created.manifest());
                    copy.flushed(flushing);
                    LOG.log(
                            Level.INFO,
                            "flushed: region={0} rows={1} flushed={2} manifest={3}",
                            copy.region(),
                            file.rowCount(),
                            flushing.upTo(),
                            next.version());
                    return;
                }
                case Edit.Superseded superseded -> {
                    copy.stop("the manifest names a later leader: " + superseded.latest().writer());
                    return;
                }
                case Edit.Lost lost -> {
                    // Nobody of a lower epoch may have the number after this leader's claim or
                    // handover, and this leader makes one edit at a time.
                    copy.stop("the manifest has a version that cannot be: " + lost.winner());
                    return;
                }
                case Edit.Unknown _ -> clock.sleep(RETRY);
            }
        }
    }

    /// A handover freezes edits for a moment; the file that was written can wait for that long.
    private static void awaitThaw(RegionCopy copy) throws InterruptedException {
        if (!copy.edits().create(THAW_MAX)) {
            throw TerraneException.unavailable(
                    ErrorCode.NOT_READY, "the region is being moved: region=%s", copy.region());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
