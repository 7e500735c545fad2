package terrane.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.time.SystemClock;
import terrane.engine.storage.ObjectStore.Created;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What the store on S3 says when the wire to it fails: never more than it knows, and never late.
class S3FaultsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    /// A machine under load may take its time; hanging takes for ever.
    private static final Duration BOUND = TIMEOUT.multipliedBy(5);

    @TempDir static Path served;
    private static S3Server server;
    @TempDir Path folder;
    private final SystemClock clock = new SystemClock();
    private FaultyWire wire;
    private ObjectStore store;

    @BeforeAll
    static void serve() throws Exception {
        server = new S3Server(served);
    }

    @AfterAll
    static void end() throws Exception {
        server.stop();
    }

    @BeforeEach
    void connect() throws IOException {
        wire = new FaultyWire(server.endpoint());
        String prefix = "t-%016x/".formatted(Randomness.system().nextLong());
        store = S3ObjectStore.open(S3Server.config(wire.endpoint(), prefix, TIMEOUT));
    }

    @AfterEach
    void disconnect() throws IOException {
        store.close();
        wire.close();
    }

    @Test
    void createWhoseAnswerIsLostIsUnknownAndTakesPlaceOnce() throws InterruptedException {
        wire.become(FaultyWire.Mode.LOSES_ANSWERS);
        assertThat(store.create("a", new byte[] {1})).isEqualTo(Created.UNKNOWN);
        assertThat(wire.faults()).as("tries: the SDK makes one").isEqualTo(1);
        wire.become(FaultyWire.Mode.PASSES);
        assertThat(store.create("a", new byte[] {2})).isEqualTo(Created.REFUSED);
        assertThat(store.read("a")).contains(new byte[] {1});
    }

    @Test
    void createAtASilentStoreIsUnknownInTime() throws InterruptedException {
        wire.become(FaultyWire.Mode.IS_SILENT);
        long start = clock.nanos();
        assertThat(store.create("a", new byte[] {1})).isEqualTo(Created.UNKNOWN);
        assertThat(Duration.ofNanos(clock.nanos() - start)).isLessThan(BOUND);
        wire.become(FaultyWire.Mode.PASSES);
        assertThat(store.create("a", new byte[] {1})).isNotEqualTo(Created.UNKNOWN);
        assertThat(store.read("a")).contains(new byte[] {1});
    }

    @Test
    void otherCallsAtASilentStoreAreUnavailableInTime() {
        wire.become(FaultyWire.Mode.IS_SILENT);
        long start = clock.nanos();
        assertThatThrownBy(() -> store.read("a"))
                .isInstanceOf(TerraneException.Unavailable.class)
                .hasMessageContaining("cannot read");
        assertThatThrownBy(() -> store.list(""))
                .isInstanceOf(TerraneException.Unavailable.class)
                .hasMessageContaining("cannot list");
        assertThatThrownBy(() -> store.delete("a"))
                .isInstanceOf(TerraneException.Unavailable.class)
                .hasMessageContaining("cannot delete");
        assertThat(Duration.ofNanos(clock.nanos() - start)).isLessThan(BOUND.multipliedBy(3));
    }

    @Test
    void createAtAStoreThatCannotBeReachedIsUnknown() throws InterruptedException {
        wire.become(FaultyWire.Mode.REFUSES);
        assertThat(store.create("a", new byte[1])).isEqualTo(Created.UNKNOWN);
    }

    @Test
    void readsOutliveAFewLostConnections() throws InterruptedException {
        store.create("a", new byte[] {1});
        wire.become(FaultyWire.Mode.LOSES_ANSWERS, 2);
        assertThat(store.read("a")).contains(new byte[] {1});
        assertThat(wire.faults()).isEqualTo(2);
    }

    @Test
    void downloadThatIsCutOffIsRepeatedAndWhole() throws Exception {
        byte[] content = upload("d");
        wire.become(FaultyWire.Mode.CUTS_ANSWERS, 1);
        var file = folder.resolve("copy");
        assertThat(store.download("d", file)).isTrue();
        assertThat(wire.faults()).isEqualTo(1);
        assertThat(file).hasBinaryContent(content);
    }

    @Test
    void downloadThatIsCutOffAgainAndAgainLeavesNoFile() throws Exception {
        upload("d");
        wire.become(FaultyWire.Mode.CUTS_ANSWERS);
        var file = folder.resolve("copy");
        assertThatThrownBy(() -> store.download("d", file))
                .isInstanceOf(TerraneException.Unavailable.class);
        assertThat(file).doesNotExist();
        assertThat(Downloads.part(file)).doesNotExist();
    }

    @Test
    void uploadOutlivesALostAnswer() throws Exception {
        wire.become(FaultyWire.Mode.LOSES_ANSWERS, 1);
        byte[] content = upload("d");
        assertThat(wire.faults()).isEqualTo(1);
        assertThat(store.read("d")).contains(content);
    }

    private byte[] upload(String name) throws Exception {
        byte[] content = new byte[1 << 20];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ((i * 31) >> 7);
        }
        store.upload(name, Files.write(folder.resolve("source"), content));
        return content;
    }
}
