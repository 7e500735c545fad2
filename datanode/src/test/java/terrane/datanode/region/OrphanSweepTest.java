package terrane.datanode.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// What a flush has left that failed goes, by the round that every leader makes, and nothing else.
class OrphanSweepTest {
    private static final Epoch EPOCH = new Epoch(1);
    private static final OrphanSweep.Terms AT_ONCE =
            new OrphanSweep.Terms(Duration.ZERO, Duration.ZERO);

    @TempDir private Path folder;
    private final Regions regions = new Regions();
    private final AtomicInteger deleted = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private TwoNodes nodes;
    private TwoNodes.Side leader;
    private Duck duck;
    private Flusher flusher;
    private boolean answersAreLost;

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

    /// Keeps what is uploaded and does not say so.
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

    @BeforeEach
    void flushOnceInVainAndOnceWell() throws Exception {
        nodes = new TwoNodes(folder.resolve("store"));
        leader = nodes.side(1).leads(1);
        regions.put(leader.copy);
        var spill = Files.createDirectory(folder.resolve("spill"));
        var cached = Files.createDirectory(folder.resolve("cache"));
        var duckSettings =
                new Duck.Settings(64L << 20, 1, spill, List.of(spill), Duration.ofSeconds(10));
        duck = Duck.open(duckSettings, nodes.clock);
        var store = new Lossy();
        var random = Randomness.system();
        flusher =
                new Flusher(
                        regions,
                        counted(new DuckEngine(duck, nodes.allocator)),
                        store,
                        new FileCache(store, cached, 1 << 20),
                        leader.node,
                        nodes.clock,
                        new Flusher.Settings(1 << 20, 1 << 20, spill, random));
        flushInVain(1);
        answersAreLost = false;
        flusher.flushNow(leader.copy, EPOCH);
        assertThat(files()).hasSize(2);
    }

    @AfterEach
    void close() {
        regions.close();
        duck.close();
        nodes.close();
    }

    private void flushInVain(long key) throws InterruptedException {
        leader.write(1, key);
        answersAreLost = true;
        assertThatThrownBy(() -> flusher.flushNow(leader.copy, EPOCH))
                .isInstanceOf(TerraneException.Unavailable.class);
    }

    private List<String> files() throws InterruptedException {
        var objects = new RegionObjects(TwoNodes.REGION);
        return nodes.store.list(objects.folder() + "data/").stream()
                .map(ObjectStore.Listed::name)
                .map(name -> name.substring(objects.folder().length()))
                .toList();
    }

    private List<String> named() {
        return leader.copy.replica().manifest().files().stream().map(file -> file.name()).toList();
    }

    private Housekeeping housekeeping(OrphanSweep.Terms terms) {
        var orphans =
                new OrphanSweep(nodes.store, leader.leases, nodes.clock, terms, deleted::addAndGet);
        return new Housekeeping(
                regions, leader.leases, nodes.wal, leader.node, nodes.clock, orphans);
    }

    @Test
    void fileOfAFailedFlushGoesAndTheOneOfTheNextStays() throws Exception {
        housekeeping(AT_ONCE).visitAll();
        assertThat(files()).isEqualTo(named()).hasSize(1);
        assertThat(deleted).hasValue(1);
    }

    @Test
    void whatStorageDidNotTakeIsUploadedAgainUnderAnotherNameAndNotWrittenAgain() throws Exception {
        assertThat(written).hasValue(1);
        assertThat(folder.resolve("spill")).isEmptyDirectory();
        assertThat(files()).containsAll(named());
        leader.write(1, 2);
        flusher.flushNow(leader.copy, EPOCH);
        assertThat(written).hasValue(2);
    }

    @Test
    void rowsThatStorageDidNotTakeAreWrittenAgainIfTheirFileIsGone() throws Exception {
        flushInVain(2);
        try (var local = Files.list(folder.resolve("spill"))) {
            Files.delete(local.findAny().orElseThrow());
        }
        answersAreLost = false;
        flusher.flushNow(leader.copy, EPOCH);
        assertThat(written).hasValue(3);
        assertThat(named()).hasSize(2);
    }

    @Test
    void fileThatStorageDidNotTakeGoesWithTheLeadership() throws Exception {
        flushInVain(2);
        flusher.discardForeign();
        assertThat(folder.resolve("spill")).isNotEmptyDirectory();
        leader.copy.close();
        flusher.discardForeign();
        assertThat(folder.resolve("spill")).isEmptyDirectory();
    }

    @Test
    void nothingGoesBeforeTheGracePeriodIsOver() throws Exception {
        var housekeeping = housekeeping(new OrphanSweep.Terms(Duration.ofHours(1), Duration.ZERO));
        housekeeping.visitAll();
        housekeeping.visitAll();
        assertThat(files()).hasSize(2);
    }

    @Test
    void nothingGoesWhileAFlushIsUnderWay() throws Exception {
        assertThat(leader.copy.edits().begin()).isTrue();
        housekeeping(AT_ONCE).visitAll();
        assertThat(files()).hasSize(2);
        leader.copy.edits().end();
        housekeeping(AT_ONCE).visitAll();
        assertThat(files()).hasSize(1);
    }

    @Test
    void nothingGoesWithoutALease() throws Exception {
        leader.leases.finish(TwoNodes.REGION, EPOCH);
        housekeeping(AT_ONCE).visitAll();
        assertThat(files()).hasSize(2);
        assertThat(deleted).hasValue(0);
    }

    @Test
    void regionIsNotLookedAtAgainBeforeItsTime() throws Exception {
        var housekeeping = housekeeping(new OrphanSweep.Terms(Duration.ZERO, Duration.ofHours(1)));
        housekeeping.visitAll();
        assertThat(files()).hasSize(1);
        flushInVain(2);
        housekeeping.visitAll();
        assertThat(files()).hasSize(2);
    }
}
