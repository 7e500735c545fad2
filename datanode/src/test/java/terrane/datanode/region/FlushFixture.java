package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.catalog.TableSchema;
import terrane.core.scan.ScanSpec;
import terrane.engine.manifest.RegionObjects;
import terrane.engine.memtable.Snapshot;
import terrane.engine.region.Duck;
import terrane.engine.region.DuckEngine;
import terrane.engine.region.FlushedFile;
import terrane.engine.region.RegionEngine;
import terrane.engine.region.SourceFile;
import terrane.engine.storage.FileCache;
import terrane.engine.storage.ObjectStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A region's leader whose flusher writes real files, into a store that can keep its answers back.
final class FlushFixture implements AutoCloseable {
    static final Epoch EPOCH = new Epoch(1);

    final Regions regions = new Regions();
    final AtomicInteger written = new AtomicInteger();
    final Path spill;
    final Path cached;
    final TwoNodes nodes;
    final TwoNodes.Side leader;
    final Flusher flusher;
    private final Duck duck;
    private boolean answersAreLost;

    FlushFixture(Path folder) throws Exception {
        nodes = new TwoNodes(folder.resolve("store"));
        leader = nodes.side(1).leads(1);
        regions.put(leader.copy);
        spill = Files.createDirectory(folder.resolve("spill"));
        cached = folder.resolve("cache");
        var duckSettings =
                new Duck.Settings(64L << 20, 1, spill, List.of(spill), Duration.ofSeconds(10));
        duck = Duck.open(duckSettings, nodes.clock);
        var store = new Lossy();
        flusher =
                new Flusher(
                        regions,
                        counted(new DuckEngine(duck, nodes.allocator)),
                        store,
                        new FileCache(store, cached, 1 << 20, 0),
                        leader.node,
                        nodes.clock,
                        new Flusher.Settings(1 << 20, 1 << 20, spill, Randomness.system()));
    }

    void flush() throws InterruptedException {
        flusher.flushNow(leader.copy, EPOCH);
    }

    /// Writes a row and flushes it into a store that keeps the file and does not say so.
    void flushInVain(long key) throws InterruptedException {
        leader.write(1, key);
        answersAreLost = true;
        assertThatThrownBy(this::flush).isInstanceOf(TerraneException.Unavailable.class);
        answersAreLost = false;
    }

    /// In storage, named as manifests name them.
    List<String> files() throws InterruptedException {
        var objects = new RegionObjects(TwoNodes.REGION);
        return nodes.store.list(objects.folder() + "data/").stream()
                .map(ObjectStore.Listed::name)
                .map(name -> name.substring(objects.folder().length()))
                .toList();
    }

    /// By the manifest.
    List<String> named() {
        return leader.copy.replica().manifest().files().stream().map(file -> file.name()).toList();
    }

    /// Deletes what was written and not uploaded.
    void loseSpilled() throws IOException {
        try (var local = Files.list(spill)) {
            Files.delete(local.findAny().orElseThrow());
        }
    }

    /// Deletes what this node keeps on its own disk, all of it.
    void loseFolders() throws IOException {
        for (var folder : List.of(spill, cached)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() {
        regions.close();
        duck.close();
        nodes.close();
    }

    /// Counts the files that it writes.
    private RegionEngine counted(RegionEngine engine) {
        return new RegionEngine() {
            @Override
            public FlushedFile write(List<Snapshot> snapshots, TableSchema schema, Path target)
                    throws InterruptedException {
                written.incrementAndGet();
                return engine.write(snapshots, schema, target);
            }

            @Override
            public Rows scan(
                    ScanSpec spec,
                    TableSchema schema,
                    List<SourceFile> files,
                    List<Snapshot> memtables) {
                return engine.scan(spec, schema, files, memtables);
            }

            @Override
            public void close() {
                engine.close();
            }
        };
    }

    /// Keeps what is uploaded and may not say so.
    private final class Lossy implements ObjectStore {
        @Override
        public void upload(String name, Path file) throws InterruptedException {
            nodes.store.upload(name, file);
            if (answersAreLost) {
                throw TerraneException.unavailable(ErrorCode.STORAGE_UNAVAILABLE, "no answer");
            }
        }

        @Override
        public Created create(String name, byte[] content) throws InterruptedException {
            return nodes.store.create(name, content);
        }

        @Override
        public Optional<byte[]> read(String name) throws InterruptedException {
            return nodes.store.read(name);
        }

        @Override
        public boolean download(String name, Path file) throws InterruptedException {
            return nodes.store.download(name, file);
        }

        @Override
        public List<Listed> list(String prefix) throws InterruptedException {
            return nodes.store.list(prefix);
        }

        @Override
        public void delete(String name) throws InterruptedException {
            nodes.store.delete(name);
        }

        @Override
        public void close() {}
    }
}
