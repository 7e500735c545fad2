package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.TerraneException;
import terrane.engine.storage.ObjectStore;
import terrane.engine.storage.ObjectStores;
import terrane.engine.storage.StorageConfig;

import java.nio.file.Path;
import java.time.Duration;

/// The store as a node meets it when the server behind it dies and comes back.
class S3ProcessE2E {
    @Test
    void killedServerIsUnknownAndUnavailableAndComesBackWithItsObjects(@TempDir Path folder)
            throws Exception {
        var server = new S3Process(folder);
        try (var store = ObjectStores.open(impatient(server.config("cluster/")))) {
            assertThat(store.create("a", new byte[] {1})).isEqualTo(ObjectStore.Created.CREATED);

            server.kill();
            assertThat(store.create("b", new byte[1])).isEqualTo(ObjectStore.Created.UNKNOWN);
            assertThatThrownBy(() -> store.read("a"))
                    .isInstanceOf(TerraneException.Unavailable.class)
                    .hasMessageContaining("object=cluster/a");

            server.restart();
            assertThat(store.read("a")).contains(new byte[] {1});
            assertThat(store.create("a", new byte[2])).isEqualTo(ObjectStore.Created.REFUSED);
            assertThat(store.create("b", new byte[1])).isEqualTo(ObjectStore.Created.CREATED);
        } finally {
            server.kill();
        }
    }

    private static StorageConfig.S3 impatient(StorageConfig.S3 config) {
        return new StorageConfig.S3(
                config.endpoint(),
                config.region(),
                config.bucket(),
                config.prefix(),
                config.pathStyle(),
                config.credentials(),
                Duration.ofSeconds(5));
    }
}
