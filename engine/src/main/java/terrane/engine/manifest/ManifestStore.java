package terrane.engine.manifest;

import terrane.core.ClusterId;
import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.Invariant;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.engine.storage.ObjectStore;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// The manifest of one region: numbered objects, each a complete version, created and never
/// overwritten. Any number of nodes may use it at once; of two that create the same number one
/// wins.
///
/// Methods throw [TerraneException.Unavailable] if the store does not answer,
/// [TerraneException.Corrupt] if what it answers is damaged. Edits of one instance come from one
/// thread, that of the region.
public final class ManifestStore {
    /// How many versions are kept for people who want to see what happened, whatever else is freed.
    public static final int VERSIONS_KEPT = 16;

    /// Rounds of list and read, of which each fails only if a version was freed between the two.
    private static final int LATEST_TRIES_MAX = 8;

    /// A claim loses only to writers that were at it already, of which a few may be left over.
    private static final int LOST_MAX = 100;

    private final ObjectStore store;
    private final ClusterId cluster;
    private final RegionObjects objects;
    private final Randomness randomness;
    private final Patience patience;
    private volatile long unsettled;
    private OptionalLong claimed = OptionalLong.empty();

    /// @param patience how long one edit goes on trying before its outcome is left unknown
    public ManifestStore(
            ObjectStore store,
            ClusterId cluster,
            RegionObjects objects,
            Clock clock,
            Randomness randomness,
            Duration patience) {
        this.store = store;
        this.cluster = cluster;
        this.objects = objects;
        this.randomness = randomness;
        this.patience = new Patience(clock, patience);
    }

    /// The version with the highest number; empty if the region has none yet.
    public Optional<Manifest> latest() throws InterruptedException {
        for (int i = 0; i < LATEST_TRIES_MAX; i++) {
            var versions = versions();
            if (versions.isEmpty()) {
                return Optional.empty();
            }
            var newest = read(versions.getLast());
            if (newest.isPresent()) {
                return newest;
            }
        }
        throw TerraneException.unavailable(
                ErrorCode.STORAGE_UNAVAILABLE,
                "manifest versions vanish while they are read: region=%s",
                objects.region());
    }

    /// One version; empty if there is none of that number, or not any more.
    public Optional<Manifest> read(long version) throws InterruptedException {
        return store.read(objects.manifest(version)).map(bytes -> decode(version, bytes));
    }

    /// A writer's mark with a fresh nonce: one for each version that is to be created.
    public Manifest.Writer writer(Epoch epoch, Incarnation incarnation) {
        return new Manifest.Writer(epoch, incarnation, randomness.nextLong());
    }

    /// Creates a version, which must be the one after the latest that the caller knows, with a
    /// writer by [#writer]. Goes on for as long as the patience lasts while the outcome is unknown.
    public Edit create(Manifest next) throws InterruptedException {
        return create(next, patience.deadlineNanos());
    }

    /// What a region that has no manifest starts with; number and writer do not matter. Asked only
    /// if there is none.
    @FunctionalInterface
    public interface Initial {
        Manifest manifest() throws InterruptedException;
    }

    /// Writes the next version under `epoch` with the content of the latest, so that no writer of a
    /// lower epoch can create another. Idempotent in effect: claiming twice only costs a number.
    ///
    /// @return never [Edit.Lost]
    public Edit claim(Epoch epoch, Incarnation incarnation, Initial initial)
            throws InterruptedException {
        return claim(epoch, incarnation, initial, UnaryOperator.identity());
    }

    /// As above.
    ///
    /// @param change what the claim changes beside number and writer, if there was a version before
    public Edit claim(
            Epoch epoch, Incarnation incarnation, Initial initial, UnaryOperator<Manifest> change)
            throws InterruptedException {
        long deadlineNanos = patience.deadlineNanos();
        var base = latest();
        for (int i = 0; i < LOST_MAX; i++) {
            var writer = writer(epoch, incarnation);
            if (base.isPresent() && supersedes(base.get(), writer)) {
                return new Edit.Superseded(base.get());
            }
            var next =
                    base.isPresent()
                            ? change.apply(base.get().next(writer))
                            : initial.manifest().at(1, writer);
            switch (create(next, deadlineNanos)) {
                case Edit.Created created -> {
                    claimed = OptionalLong.of(next.version());
                    return created;
                }
                case Edit.Lost lost -> base = Optional.of(lost.winner());
                case Edit.Superseded superseded -> {
                    return superseded;
                }
                case Edit.Unknown unknown -> {
                    return unknown;
                }
            }
        }
        throw TerraneException.unavailable(
                ErrorCode.STORAGE_UNAVAILABLE,
                "claim lost to writers of lower epochs: region=%s epoch=%s tries=%d",
                objects.region(),
                epoch,
                LOST_MAX);
    }

    /// Whether no create with an unknown outcome is outstanding: part of what it takes for a
    /// manifest to be frozen.
    public boolean isSettled() {
        return unsettled == 0;
    }

    /// How many versions there are: after many handovers a leader claims once to let them go.
    public int versionCount() throws InterruptedException {
        return versions().size();
    }

    /// Deletes old versions, for each is complete. Only for a leader, and only after a claim of its
    /// own: numbers at or above it are never freed, so that no slot reopens for a stale writer.
    ///
    /// @param latest the latest version
    /// @return how many were deleted
    public int prune(Manifest latest) throws InterruptedException {
        if (claimed.isEmpty()) {
            return 0;
        }
        long below = Math.min(claimed.getAsLong(), latest.version() - VERSIONS_KEPT + 1);
        int deleted = 0;
        for (long version : versions()) {
            if (version < below) {
                store.delete(objects.manifest(version));
                deleted++;
            }
        }
        return deleted;
    }

    private Edit create(Manifest next, long deadlineNanos) throws InterruptedException {
        Invariant.check(
                next.version() >= 1 && next.region().equals(objects.region()),
                "manifest out of place: region=%s version=%d",
                next.region(),
                next.version());
        byte[] bytes = ManifestCodec.encode(next);
        unsettled = next.version();
        for (int i = 0; ; i++) {
            var edit = tried(next, bytes);
            if (edit.isPresent()) {
                unsettled = 0;
                return edit.get();
            }
            if (!patience.pause(i, deadlineNanos)) {
                return new Edit.Unknown(next.version());
            }
        }
    }

    /// One try of one number; empty if it must be tried again.
    private Optional<Edit> tried(Manifest next, byte[] bytes) throws InterruptedException {
        try {
            return switch (store.create(objects.manifest(next.version()), bytes)) {
                case CREATED -> Optional.of(created(next));
                // Empty: the one that was in the way did not come about after all.
                case REFUSED -> refused(next);
                case UNKNOWN -> Optional.empty();
            };
        } catch (TerraneException.Unavailable e) {
            return Optional.empty();
        }
    }

    private Optional<Edit> refused(Manifest next) throws InterruptedException {
        var winner = read(next.version());
        if (winner.isEmpty()) {
            return Optional.empty();
        }
        boolean own = winner.get().writer().equals(next.writer());
        return Optional.of(own ? created(next) : beaten(next, winner.get()));
    }

    /// A number is free again only below the last claim, but a writer that slept since before that
    /// claim may come and take it. So a version counts only where none is above it.
    private Edit created(Manifest next) throws InterruptedException {
        boolean newest = versions().stream().allMatch(version -> version <= next.version());
        return newest ? new Edit.Created(next) : beaten(next, latest().orElse(next));
    }

    private static Edit beaten(Manifest next, Manifest winner) {
        return supersedes(winner, next.writer())
                ? new Edit.Superseded(winner)
                : new Edit.Lost(winner);
    }

    private static boolean supersedes(Manifest manifest, Manifest.Writer writer) {
        var other = manifest.writer();
        return other.epoch().isAbove(writer.epoch())
                || (other.epoch().equals(writer.epoch())
                        && !other.incarnation().equals(writer.incarnation()));
    }

    private List<Long> versions() throws InterruptedException {
        return store.list(objects.manifestFolder()).stream()
                .map(object -> objects.version(object.name()))
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .toList();
    }

    private Manifest decode(long version, byte[] bytes) {
        var manifest = ManifestCodec.decode(bytes);
        if (manifest.version() != version
                || !manifest.region().equals(objects.region())
                || !manifest.cluster().equals(cluster)) {
            throw TerraneException.corrupt(
                    ErrorCode.CORRUPT_MANIFEST,
                    "manifest is not what its name says: object=%s cluster=%s region=%s version=%d",
                    objects.manifest(version),
                    manifest.cluster(),
                    manifest.region(),
                    manifest.version());
        }
        return manifest;
    }

    /// Pauses between tries, twice as long each time, until a deadline.
    private record Patience(Clock clock, Duration total) {
        private static final Duration PAUSE = Duration.ofMillis(10);

        /// 10 ms · 2⁶: well below the latency that a store in trouble has.
        private static final int DOUBLINGS_MAX = 6;

        long deadlineNanos() {
            return clock.nanosAfter(total);
        }

        boolean pause(int tries, long deadlineNanos) throws InterruptedException {
            var pause = PAUSE.multipliedBy(1L << Math.min(tries, DOUBLINGS_MAX));
            if (clock.until(deadlineNanos).compareTo(pause) <= 0) {
                return false;
            }
            clock.sleep(pause);
            return true;
        }
    }
}
