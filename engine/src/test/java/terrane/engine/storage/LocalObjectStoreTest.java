package terrane.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Randomness;
import terrane.core.TerraneException;

import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;

/// The store that is a folder keeps the contract, and leaves nothing lying about in it.
class LocalObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore open() throws InterruptedException {
        return new LocalObjectStore(folder.resolve("store"), Randomness.system());
    }

    @Override
    protected int rounds() {
        return 150;
    }

    @Test
    void temporaryFilesAreGoneAfterwards() throws Exception {
        try (var store = open()) {
            store.create("a", new byte[10]);
            store.create("a", new byte[10]);
            store.upload("b", Files.write(folder.resolve("file"), new byte[10]));
        }
        try (var left = Files.list(folder.resolve("store/.pending"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatACrashLeftBehindIsDroppedWhenItIsOldAndNeverListed() throws Exception {
        var pending = Files.createDirectories(folder.resolve("store/.pending"));
        var young = Files.createFile(pending.resolve("young"));
        var old = Files.createFile(pending.resolve("old"));
        var changed = Files.getLastModifiedTime(pending).toInstant();
        Files.setLastModifiedTime(old, FileTime.from(changed.minus(Duration.ofDays(2))));
        try (var store = open()) {
            assertThat(old).doesNotExist();
            assertThat(young).exists();
            assertThat(store.list("")).isEmpty();
        }
    }

    @Test
    void aFileInPlaceOfAFolderIsAStoreThatCannotAnswer() throws Exception {
        try (var store = open()) {
            store.create("a", new byte[1]);
            assertThatThrownBy(() -> store.create("a/b", new byte[1]))
                    .isInstanceOf(TerraneException.Unavailable.class)
                    .hasMessageContaining("object=a/b");
        }
        Files.createFile(folder.resolve("plain"));
        assertThatThrownBy(() -> new LocalObjectStore(folder.resolve("plain"), Randomness.system()))
                .isInstanceOf(TerraneException.Unavailable.class);
    }
}
