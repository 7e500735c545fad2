package terrane.sim.cluster;

import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.MergeMode;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestCodec;
import terrane.engine.manifest.RegionObjects;
import terrane.sim.engine.PlainEngine;
import terrane.sim.storage.SimStorage;
import terrane.sim.world.World;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Sees every manifest version as it is created, and holds it against the log: files of it and
/// replay from its flushed offset must give what the whole log gives.
final class ManifestWatch {
    private static final Pattern VERSION = Pattern.compile("regions/.*/manifest/[0-9]{20}");

    private final World world;
    private final Observer observer;
    private final SimStorage storage;
    private final Known known;
    private final Map<RegionId, Manifest> latest = new LinkedHashMap<>();

    /// What the metasrv leader's catalog says.
    interface Known {
        /// From where on migrations hold a partition.
        Optional<WalOffset> pinned(WalPartition wal);

        /// Whether the region is of a table that was not dropped.
        boolean exists(RegionId region);
    }

    ManifestWatch(World world, Observer observer, SimStorage storage, Known known) {
        this.world = world;
        this.observer = observer;
        this.storage = storage;
        this.known = known;
        storage.onCreate(this::created);
    }

    private void created(String name, byte[] content) {
        if (!VERSION.matcher(name).matches()) {
            return;
        }
        var manifest = ManifestCodec.decode(content);
        var before = latest.get(manifest.region());
        if (before != null && before.version() > manifest.version()) {
            return; // a number that was free again; whoever has it finds the higher one
        }
        latest.put(manifest.region(), manifest);
        checkWriter(manifest);
        checkContent(manifest);
    }

    /// A fence names the version that its leader goes on from: who led before creates none above.
    private void checkWriter(Manifest manifest) {
        observer.fence(manifest.region())
                .filter(fence -> fence.header().epoch().isAbove(manifest.writer().epoch()))
                .filter(fence -> manifest.version() > fence.manifestVersion())
                .ifPresent(fence ->
                        world.fail(
                                "a manifest version of a leader that was: region=%s version=%d"
                                                .formatted(manifest.region(), manifest.version())
                                        + " writer=%s fence=%s"
                                                .formatted(manifest.writer(), fence)));
    }

    private void checkContent(Manifest manifest) {
        var region = manifest.region();
        var inForce = observer.inForce(region, manifest.flushed());
        if (!inForce.equals(manifest.fenceEpoch())) {
            fail(manifest, "its fence epoch is not what was in force: " + inForce);
        }
        var objects = new RegionObjects(region);
        var inFiles = new TreeSet<Long>();
        for (var file : manifest.files()) {
            var content = storage.look(objects.object(file));
            if (content.isEmpty()) {
                fail(manifest, "it names a file that is not there: " + file.name());
            } else {
                inFiles.addAll(PlainEngine.offsets(content.get()));
            }
        }
        var counts = observer.counted(region, manifest.flushed());
        boolean all = manifest.schema().mergeMode() == MergeMode.APPEND;
        if (all ? !inFiles.equals(counts) : !counts.containsAll(inFiles)) {
            var missing = new TreeSet<>(counts);
            missing.removeAll(inFiles);
            inFiles.removeAll(counts);
            fail(manifest, "its files lack " + missing + " and have, but must not, " + inFiles);
        }
    }

    private void fail(Manifest manifest, String what) {
        world.fail(
                "a manifest is not what the log holds: region=%s version=%d flushed=%s, %s"
                        .formatted(
                                manifest.region(), manifest.version(), manifest.flushed(), what));
    }

    /// Whether nobody need read what lies there: it is below what is in files, or was given up.
    boolean passes(RegionId region, WalOffset offset) {
        var manifest = latest.get(region);
        return manifest != null
                && (offset.isBelow(manifest.flushed()) || manifest.skipped().contains(offset));
    }

    /// What the latest manifests need may not be pruned, nor what a migration holds.
    void pruned(WalPartition partition, WalOffset below) {
        known.pinned(partition)
                .filter(pin -> pin.isBelow(below))
                .ifPresent(pin ->
                        world.fail(
                                "what a migration holds is pruned: partition=%s pin=%s below=%s"
                                        .formatted(partition, pin, below)));
        for (var manifest : latest.values()) {
            boolean needed = manifest.wal().equals(partition) && manifest.flushed().isBelow(below);
            if (needed && known.exists(manifest.region())) {
                fail(manifest, "its log is pruned below " + below);
            }
        }
    }
}
