package terrane.engine.manifest;

import terrane.core.Epoch;
import terrane.core.time.Clock;
import terrane.engine.storage.ObjectStore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Deletes the data files of one region that its manifest does not name, any more or ever: what
/// compactions have replaced and what failed flushes and stale leaders have left.
///
/// A file goes only after it has been seen unnamed in every sweep of a grace period, by the same
/// sweeper: a new leader starts to count anew. Whenever anything is in doubt (no lease, no answer,
/// a successor, an edit whose outcome is unknown, a name that is not of the known form) nothing
/// goes. For one thread.
public final class FileSweeper {
    /// 16,384 names of 60 bytes: 2 MB while there is that much to sweep. What is above the bound
    /// waits for the next sweeps.
    private static final int UNNAMED_MAX = 16_384;

    private final ObjectStore store;
    private final RegionObjects objects;
    private final ManifestStore manifests;
    private final Clock clock;
    private final Duration grace;

    /// By file name; since when on the clock.
    private final Map<String, Long> unnamedSince = new TreeMap<>();

    /// @param grace longer than the longest scan: a scan may open its files late
    public FileSweeper(
            ObjectStore store,
            RegionObjects objects,
            ManifestStore manifests,
            Clock clock,
            Duration grace) {
        this.store = store;
        this.objects = objects;
        this.manifests = manifests;
        this.clock = clock;
        this.grace = grace;
    }

    /// Looks once, and deletes what is due.
    ///
    /// @param epoch under which the caller leads
    /// @param leaseHeld whether it still does; asked before every delete
    /// @param unsettled names of files that the caller has uploaded, or is about to, and has not
    ///   yet named in a version: a file stays among them until its edit has ended, and not as
    ///   unknown
    /// @return the names of the files deleted, as in [Manifest.DataFile#name]
    public List<String> sweep(
            Epoch epoch, BooleanSupplier leaseHeld, Supplier<Set<String>> unsettled)
            throws InterruptedException {
        if (!leaseHeld.getAsBoolean() || !manifests.isSettled()) {
            return List.of();
        }
        // In this order: what is listed now was named or unsettled before, and what stops being
        // unsettled is named by the version that is read afterwards.
        var listed = store.list(objects.dataFolder());
        var kept = new HashSet<>(unsettled.get());
        var latest = manifests.latest();
        if (latest.isEmpty() || latest.get().writer().epoch().isAbove(epoch)) {
            return List.of();
        }
        latest.get().files().forEach(file -> kept.add(file.name()));
        remember(unnamed(listed, kept, epoch));
        return delete(leaseHeld);
    }

    private List<String> unnamed(List<ObjectStore.Listed> listed, Set<String> kept, Epoch epoch) {
        return listed.stream()
                .map(object -> object.name().substring(objects.folder().length()))
                .filter(name -> !kept.contains(name) && isOfUpTo(epoch, name))
                .limit(UNNAMED_MAX)
                .toList();
    }

    /// A file of a later epoch is a successor's, which may be about to name it.
    private static boolean isOfUpTo(Epoch epoch, String name) {
        Optional<Epoch> writer = RegionObjects.epochOf(name);
        return writer.isPresent() && !writer.get().isAbove(epoch);
    }

    private void remember(List<String> unnamed) {
        unnamedSince.keySet().retainAll(Set.copyOf(unnamed));
        long now = clock.nanos();
        unnamed.forEach(name -> unnamedSince.putIfAbsent(name, now));
    }

    private List<String> delete(BooleanSupplier leaseHeld) throws InterruptedException {
        var deleted = new ArrayList<String>();
        for (String name : List.copyOf(unnamedSince.keySet())) {
            boolean due =
                    clock.nanos() - unnamedSince.getOrDefault(name, clock.nanos())
                            >= grace.toNanos();
            if (due && leaseHeld.getAsBoolean()) {
                store.delete(objects.object(name));
                unnamedSince.remove(name);
                deleted.add(name);
            }
        }
        return deleted;
    }
}
