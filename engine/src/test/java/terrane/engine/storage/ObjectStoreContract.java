package terrane.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.TerraneException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What every [ObjectStore] keeps, the real ones and the one that tests use.
public abstract class ObjectStoreContract {
    private static final int WRITERS = 8;

    @TempDir Path folder;
    private ObjectStore store;

    protected abstract ObjectStore open() throws Exception;

    /// Rounds of the race: what takes about a second.
    protected abstract int rounds();

    @BeforeEach
    void start() throws Exception {
        store = open();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void createdObjectIsReadBack() throws InterruptedException {
        assertThat(store.create("a/b", bytes("one"))).isEqualTo(ObjectStore.Created.CREATED);
        assertThat(store.read("a/b")).contains(bytes("one"));
    }

    @Test
    void emptyObjectIsAnObject() throws InterruptedException {
        assertThat(store.create("empty", bytes(""))).isEqualTo(ObjectStore.Created.CREATED);
        assertThat(store.read("empty")).contains(bytes(""));
        assertThat(store.create("empty", bytes("x"))).isEqualTo(ObjectStore.Created.REFUSED);
    }

    @Test
    void secondCreateIsRefusedAndChangesNothing() throws InterruptedException {
        store.create("a", bytes("one"));
        assertThat(store.create("a", bytes("two"))).isEqualTo(ObjectStore.Created.REFUSED);
        assertThat(store.create("a", bytes("one"))).isEqualTo(ObjectStore.Created.REFUSED);
        assertThat(store.read("a")).contains(bytes("one"));
    }

    @Test
    void absentObjectReadsAsEmpty() throws InterruptedException {
        assertThat(store.read("nowhere/at/all")).isEmpty();
        assertThat(store.download("nowhere", folder.resolve("x"))).isFalse();
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void deletedObjectIsGoneAndItsNameFree() throws InterruptedException {
        store.create("a", bytes("one"));
        store.delete("a");
        store.delete("a");
        assertThat(store.read("a")).isEmpty();
        assertThat(store.create("a", bytes("two"))).isEqualTo(ObjectStore.Created.CREATED);
    }

    @Test
    void uploadedFileIsDownloadedWhole() throws Exception {
        byte[] content = new byte[3 << 20];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ((i * 31) >> 7);
        }
        var source = Files.write(folder.resolve("source"), content);
        store.upload("d/file.parquet", source);
        store.upload("d/file.parquet", source);
        var copy = folder.resolve("copy");
        assertThat(store.download("d/file.parquet", copy)).isTrue();
        assertThat(copy).hasBinaryContent(content);
        assertThat(filesIn(folder)).containsExactlyInAnyOrder("source", "copy");
    }

    @Test
    void listingHasEveryNameBelowThePrefixInOrder() throws InterruptedException {
        for (String name : List.of("r/2/m/1", "r/2/m/10", "r/2/d/x.parquet", "r/20/m/1", "q")) {
            store.create(name, bytes(name));
        }
        assertThat(names("r/2/")).containsExactly("r/2/d/x.parquet", "r/2/m/1", "r/2/m/10");
        assertThat(names("r/2/m/")).containsExactly("r/2/m/1", "r/2/m/10");
        assertThat(names("")).hasSize(5).isSorted();
        assertThat(names("r/3/")).isEmpty();
        assertThat(store.list("q").getFirst().sizeBytes()).isEqualTo(1);
    }

    @Test
    void listingIsNotCutOff() throws InterruptedException {
        for (int i = 0; i < 1050; i++) { // S3 answers 1,000 at a time
            store.create("many/%04d".formatted(i), bytes("x"));
        }
        assertThat(names("many/")).hasSize(1050).isSorted();
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (String name :
                List.of("../x", "a/../../x", "/etc/passwd", "", "a//b", "a/", ".x", "a/.", "a b")) {
            assertThatThrownBy(() -> store.create(name, bytes("x")))
                    .as(name)
                    .isInstanceOf(TerraneException.Rejected.class);
            assertThatThrownBy(() -> store.read(name))
                    .as(name)
                    .isInstanceOf(TerraneException.Rejected.class);
        }
    }

    @Test
    void ofManyCreatesOfOneNameExactlyOneWins() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < rounds(); round++) {
                String name = "race/" + round;
                var start = new CountDownLatch(1);
                var tries = new ArrayList<Future<Boolean>>();
                for (int i = 0; i < WRITERS; i++) {
                    byte[] content = bytes("writer " + i);
                    tries.add(threads.submit(() -> wins(name, content, start)));
                }
                start.countDown();
                var winners = new ArrayList<Integer>();
                for (int i = 0; i < WRITERS; i++) {
                    if (tries.get(i).get()) {
                        winners.add(i);
                    }
                }
                assertThat(winners).as("round %d", round).hasSize(1);
                assertThat(store.read(name)).contains(bytes("writer " + winners.getFirst()));
            }
        }
    }

    /// Does as the protocol says: the same name again until it is created or refused.
    private boolean wins(String name, byte[] content, CountDownLatch start)
            throws InterruptedException {
        start.await();
        for (int i = 0; i < 100; i++) {
            switch (store.create(name, content)) {
                case CREATED -> {
                    return true;
                }
                case REFUSED -> {
                    return java.util.Arrays.equals(store.read(name).orElseThrow(), content);
                }
                case UNKNOWN -> Thread.onSpinWait();
            }
        }
        throw new AssertionError("outcome unknown after 100 tries: " + name);
    }

    private List<String> names(String prefix) throws InterruptedException {
        return store.list(prefix).stream().map(ObjectStore.Listed::name).toList();
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !name.equals("store"))
                    .toList();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
