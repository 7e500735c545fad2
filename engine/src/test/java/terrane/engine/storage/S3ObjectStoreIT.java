package terrane.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;

import java.nio.file.Path;
import java.util.Optional;

/// The store on S3 keeps the contract against a real server of that protocol.
class S3ObjectStoreIT extends ObjectStoreContract {
    @TempDir static Path served;
    private static S3Server server;

    @BeforeAll
    static void serve() throws Exception {
        server = new S3Server(served);
    }

    @AfterAll
    static void end() throws Exception {
        server.stop();
    }

    /// A prefix of its own for each test.
    @Override
    protected ObjectStore open() throws InterruptedException {
        return ObjectStores.open(
                server.config("t-%016x/".formatted(Randomness.system().nextLong())));
    }

    @Override
    protected int rounds() {
        return 40;
    }

    @Test
    void prefixesKeepClustersApart() throws InterruptedException {
        try (var one = open();
                var other = open()) {
            one.create("a", new byte[1]);
            assertThat(other.read("a")).isEmpty();
            assertThat(other.list("")).isEmpty();
            assertThat(other.create("a", new byte[2])).isEqualTo(ObjectStore.Created.CREATED);
        }
    }

    @Test
    void wrongCredentialsAndBucketsSayWhatIsWrongAndThatNothingWasChanged()
            throws InterruptedException {
        var right = server.config("");
        var wrongKey =
                new StorageConfig.S3(
                        right.endpoint(),
                        right.region(),
                        right.bucket(),
                        "",
                        true,
                        new StorageConfig.Credentials.KeyPair("terrane", "guess"),
                        right.timeout());
        var wrongBucket =
                new StorageConfig.S3(
                        right.endpoint(),
                        right.region(),
                        "no-such-bucket",
                        "",
                        true,
                        right.credentials(),
                        right.timeout());
        for (var config : java.util.List.of(wrongKey, wrongBucket)) {
            try (var store = ObjectStores.open(config)) {
                assertThatThrownBy(() -> store.create("a", new byte[1]))
                        .isInstanceOf(TerraneException.Unavailable.class)
                        .hasMessageContaining("bucket=" + config.bucket())
                        .extracting(e -> ((TerraneException) e).code())
                        .isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
                assertThatThrownBy(() -> store.read("a"))
                        .isInstanceOf(TerraneException.Unavailable.class);
                assertThatThrownBy(() -> store.list(""))
                        .isInstanceOf(TerraneException.Unavailable.class);
            }
        }
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(server.config("").toString()).doesNotContain("terrane-secret");
        assertThat(Optional.of(server.config("").credentials()).toString()).contains("keyId");
    }
}
