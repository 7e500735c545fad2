package terrane.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// The cache holds what is in use, downloads it once, and stays within its bytes and its folder.
class FileCacheTest {
    private static final long BYTES_MAX = 100;

    /// More than a disk has.
    private static final long ALL_OF_IT = 1L << 60;

    @TempDir Path folder;
    private final CountingStore store = new CountingStore();
    private FileCache cache;

    @BeforeEach
    void start() {
        cache = new FileCache(store, folder.resolve("cache"), BYTES_MAX, 0);
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    private void put(String name, int sizeBytes) {
        byte[] content = new byte[sizeBytes];
        Arrays.fill(content, (byte) name.charAt(0));
        store.inner.create(name, content);
    }

    @Test
    void fileIsDownloadedOnceAndHeldWhole() throws Exception {
        put("a", 40);
        try (var first = cache.open("a", 40);
                var second = cache.open("a", 40)) {
            assertThat(first.path()).isEqualTo(second.path());
            assertThat(Files.readString(first.path())).isEqualTo("a".repeat(40));
        }
        try (var again = cache.open("a", 40)) {
            assertThat(again.path()).exists();
        }
        assertThat(store.downloads).hasValue(1);
        assertThat(cache.usage()).isEqualTo(new FileCache.Usage(1, 40, 0, BYTES_MAX, 2, 1));
    }

    @Test
    void leastRecentlyUsedMakesRoom() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            put(name, 40);
        }
        cache.open("a", 40).close();
        cache.open("b", 40).close();
        cache.open("a", 40).close();
        cache.open("c", 40).close();
        assertThat(store.downloads).hasValue(3);
        cache.open("a", 40).close();
        assertThat(store.downloads).as("a stayed").hasValue(3);
        cache.open("b", 40).close();
        assertThat(store.downloads).as("b had gone").hasValue(4);
        assertThat(cached()).hasSize(2);
    }

    @Test
    void heldFilesStayAndAFullCacheSaysSo() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            put(name, 40);
        }
        try (var a = cache.open("a", 40)) {
            cache.open("b", 40).close();
            var c = cache.open("c", 40);
            assertThat(a.path()).exists();
            assertThat(c.path()).exists();
            assertThatThrownBy(() -> cache.open("b", 40))
                    .isInstanceOf(TerraneException.Unavailable.class)
                    .hasMessage(
                            "file cache is full of files in use: object=b sizeBytes=40"
                                    + " usedBytes=80 maxBytes=100")
                    .extracting(e -> ((TerraneException) e).code())
                    .isEqualTo(ErrorCode.OVERLOADED);
            c.close();
            c.close(); // a handle lets go once
            cache.open("b", 40).close();
            assertThat(a.path()).exists();
        }
    }

    @Test
    void missingOrCutFileIsCorruptAndLeavesNothing() throws Exception {
        put("a", 40);
        assertThatThrownBy(() -> cache.open("gone", 40))
                .isInstanceOf(TerraneException.Corrupt.class)
                .hasMessageContaining("not in the store: object=gone");
        assertThatThrownBy(() -> cache.open("a", 41))
                .isInstanceOf(TerraneException.Corrupt.class)
                .hasMessageContaining("sizeBytes=40 expectedBytes=41");
        assertThat(cached()).isEmpty();
        assertThat(cache.usage().usedBytes()).isZero();
        cache.open("a", 40).close();
    }

    @Test
    void adoptedFileIsNotDownloaded() throws Exception {
        put("a", 40);
        var fresh = Files.writeString(folder.resolve("flushed"), "a".repeat(40));
        cache.adopt("a", fresh, Files.size(fresh));
        assertThat(fresh).doesNotExist();
        try (var handle = cache.open("a", 40)) {
            assertThat(Files.readString(handle.path())).isEqualTo("a".repeat(40));
        }
        assertThat(store.downloads).hasValue(0);
    }

    @Test
    void adoptionWithoutRoomOnlyDeletesTheFile() throws Exception {
        put("a", 90);
        var fresh = Files.writeString(folder.resolve("flushed"), "b".repeat(40));
        try (var held = cache.open("a", 90)) {
            cache.adopt("b", fresh, Files.size(fresh));
            assertThat(fresh).doesNotExist();
            assertThat(held.path()).exists();
        }
        assertThat(cache.usage().usedBytes()).isEqualTo(90);
    }

    @Test
    void folderThatSomebodyDeletedIsMadeAgainAndItsFilesDownloaded() throws Exception {
        put("a", 40);
        put("b", 40);
        cache.open("a", 40).close();
        deleteFolder();
        cache.open("b", 40).close();
        try (var handle = cache.open("a", 40)) {
            assertThat(Files.readString(handle.path())).isEqualTo("a".repeat(40));
        }
        assertThat(store.downloads).hasValue(3);
        assertThat(cache.usage().usedBytes()).isEqualTo(80);
    }

    @Test
    void adoptionOfWhatIsGoneDoesNoHarm() throws Exception {
        put("a", 40);
        cache.adopt("a", folder.resolve("gone"), 40);
        assertThat(cache.usage().usedBytes()).isZero();
        cache.open("a", 40).close();
    }

    @Test
    void whatNobodyHoldsMakesRoomOnTheDisk() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            put(name, 20);
        }
        try (var crowded = new FileCache(store, folder.resolve("other"), BYTES_MAX, ALL_OF_IT);
                var held = crowded.open("a", 20)) {
            crowded.open("b", 20).close();
            crowded.open("c", 20).close();
            assertThat(held.path()).exists();
            assertThat(crowded.usage().usedBytes()).isEqualTo(40);
            crowded.giveWay();
            assertThat(held.path()).exists();
            assertThat(crowded.usage().usedBytes()).isEqualTo(20);
        }
    }

    @Test
    void fileThatDoesNotFitOnTheDiskIsRefused() {
        try (var vast = new FileCache(store, folder.resolve("other"), ALL_OF_IT, 0)) {
            assertThatThrownBy(() -> vast.open("a", ALL_OF_IT))
                    .isInstanceOf(TerraneException.Unavailable.class)
                    .hasMessageContaining("no room")
                    .extracting(e -> ((TerraneException) e).code())
                    .isEqualTo(ErrorCode.FOLDER_FAILED);
            assertThat(vast.usage().usedBytes()).isZero();
        }
    }

    private void deleteFolder() throws IOException {
        try (var files = Files.list(folder.resolve("cache"))) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder.resolve("cache"));
    }

    @Test
    void concurrentOpensShareOneDownload() throws Exception {
        put("a", 40);
        store.gate = Optional.of(new Semaphore(0));
        var opens = new ArrayList<Future<FileCache.Handle>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                opens.add(threads.submit(() -> cache.open("a", 40)));
            }
            store.entered.await();
            store.gate.get().release(8);
            for (var open : opens) {
                open.get().close();
            }
        }
        assertThat(store.downloads).hasValue(1);
        assertThat(cache.usage().pinnedBytes()).isZero();
    }

    @Test
    void bytesStayBoundedUnderManyThreads() throws Exception {
        for (int i = 0; i < 20; i++) {
            put("f" + i, 10 + i);
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Future<Integer>>();
            for (int thread = 0; thread < 3; thread++) { // each holds at most 29 of 100 bytes
                var random = new SplittableRandom(thread);
                tasks.add(threads.submit(() -> openMany(random)));
            }
            for (var task : tasks) {
                assertThat(task.get()).isEqualTo(300);
            }
        }
        assertThat(cache.usage().pinnedBytes()).isZero();
        assertThat(cache.usage().usedBytes()).isBetween(1L, BYTES_MAX);
        assertThat(cached()).hasSize(cache.usage().files());
    }

    private int openMany(SplittableRandom random) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            int n = random.nextInt(20);
            try (var handle = cache.open("f" + n, 10 + n)) {
                assertThat(handle.path()).hasSize(10 + n);
                assertThat(cache.usage().usedBytes()).isLessThanOrEqualTo(BYTES_MAX);
            }
        }
        return 300;
    }

    @Test
    void startEmptiesItsOwnFilesAndTouchesNoOthers() throws Exception {
        var other = folder.resolve("other");
        Files.createDirectories(other.resolve("sub"));
        var notes = Files.writeString(other.resolve("notes.txt"), "mine");
        var left = Files.writeString(other.resolve("cached-7.parquet"), "left by a crash");
        var part = Files.writeString(other.resolve("cached-8.parquet.part"), "half");
        new FileCache(store, other, BYTES_MAX, 0).close();
        assertThat(left).doesNotExist();
        assertThat(part).doesNotExist();
        assertThat(notes).exists();
        assertThat(other.resolve("sub")).exists();
    }

    @Test
    void folderBelongsToOneCache() {
        assertThatThrownBy(() -> new FileCache(store, folder.resolve("cache"), BYTES_MAX, 0))
                .isInstanceOf(TerraneException.Unavailable.class)
                .hasMessageContaining("used by another node");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        assertThatThrownBy(() -> cache.open("../../etc/passwd", 1))
                .isInstanceOf(TerraneException.Rejected.class);
    }

    private List<String> cached() throws IOException {
        try (var files = Files.list(folder.resolve("cache"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals(".lock"))
                    .toList();
        }
    }

    /// Counts downloads, and holds them up where a test wants it.
    private static final class CountingStore implements ObjectStore {
        final MemoryObjectStore inner = new MemoryObjectStore();
        final AtomicInteger downloads = new AtomicInteger();
        final CountDownLatch entered = new CountDownLatch(1);
        Optional<Semaphore> gate = Optional.empty();

        @Override
        public boolean download(String name, Path file) throws InterruptedException {
            entered.countDown();
            if (gate.isPresent()) {
                gate.get().acquire();
            }
            downloads.incrementAndGet();
            return inner.download(name, file);
        }

        @Override
        public Created create(String name, byte[] content) {
            return inner.create(name, content);
        }

        @Override
        public void upload(String name, Path file) {
            inner.upload(name, file);
        }

        @Override
        public Optional<byte[]> read(String name) {
            return inner.read(name);
        }

        @Override
        public List<Listed> list(String prefix) {
            return inner.list(prefix);
        }

        @Override
        public void delete(String name) {
            inner.delete(name);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
