package terrane.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.TerraneException;
import terrane.engine.storage.FaultyObjectStore;
import terrane.engine.storage.FaultyObjectStore.Fault;
import terrane.engine.storage.MemoryObjectStore;
import terrane.engine.storage.ObjectStore;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Files go late or never: what a manifest names, what may yet be named, and what a scan may still
/// open stays.
class FileSweeperTest {
    private static final Epoch EPOCH = new Epoch(5);
    private static final Duration GRACE = Duration.ofMinutes(10);
    private static final String NAMED = RegionObjects.newFile(EPOCH, 1);
    private static final String OLD = RegionObjects.newFile(new Epoch(4), 2);

    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final FaultyObjectStore store = new FaultyObjectStore(memory, 1, 0);
    private final SteppedClock clock = new SteppedClock();
    private final ManifestStore manifests =
            new ManifestStore(
                    store,
                    Manifests.CLUSTER,
                    Manifests.REGION,
                    clock,
                    new SplittableRandom(1)::nextLong,
                    Duration.ofSeconds(1));
    private final FileSweeper sweeper =
            new FileSweeper(store, Manifests.REGION, manifests, clock, GRACE);

    @BeforeEach
    void startWithOneFileNamedAndOneNot() throws InterruptedException {
        put(NAMED);
        put(OLD);
        manifests.claim(EPOCH, Manifests.A, () -> Manifests.withFile(Manifests.initial(), NAMED));
    }

    private void put(String name) {
        memory.create(Manifests.REGION.object(name), new byte[1]);
    }

    private List<String> sweep() throws InterruptedException {
        return sweeper.sweep(EPOCH, () -> true, Set::of);
    }

    private List<String> stored() {
        return memory.list(Manifests.REGION.dataFolder()).stream()
                .map(ObjectStore.Listed::name)
                .map(name -> name.substring(Manifests.REGION.folder().length()))
                .toList();
    }

    @Test
    void unnamedFileGoesAfterTheGracePeriodAndNotBefore() throws InterruptedException {
        assertThat(sweep()).isEmpty();
        clock.sleep(GRACE.minusNanos(1));
        assertThat(sweep()).isEmpty();
        clock.sleep(Duration.ofNanos(1));
        assertThat(sweep()).containsExactly(OLD);
        assertThat(stored()).containsExactly(NAMED);
        assertThat(sweep()).isEmpty();
    }

    @Test
    void fileThatLeavesTheManifestGetsTheWholeGracePeriodFromThenOn() throws InterruptedException {
        sweep();
        clock.sleep(GRACE);
        var without = Manifests.initial().at(2, manifests.writer(EPOCH, Manifests.A));
        assertThat(manifests.create(without)).isInstanceOf(Edit.Created.class);
        assertThat(sweep()).containsExactly(OLD);
        clock.sleep(GRACE);
        assertThat(sweep()).containsExactly(NAMED);
    }

    @Test
    void fileOfAFlushThatHasNotEndedStays() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertThat(sweeper.sweep(EPOCH, () -> true, () -> Set.of(OLD))).isEmpty();
            clock.sleep(GRACE);
        }
        assertThat(sweep()).as("counted from here").isEmpty();
        clock.sleep(GRACE);
        assertThat(sweep()).containsExactly(OLD);
    }

    @Test
    void nothingGoesWhileAnEditIsUnknown() throws InterruptedException {
        sweep();
        clock.sleep(GRACE);
        var away = new Fault[100];
        java.util.Arrays.fill(away, Fault.AWAY);
        store.next(away);
        var next = Manifests.initial().at(2, manifests.writer(EPOCH, Manifests.A));
        assertThat(manifests.create(next)).isInstanceOf(Edit.Unknown.class);
        assertThat(sweep()).isEmpty();
    }

    @Test
    void nothingGoesWithoutALease() throws InterruptedException {
        sweep();
        clock.sleep(GRACE);
        assertThat(sweeper.sweep(EPOCH, () -> false, Set::of)).isEmpty();
        assertThat(stored()).containsExactlyInAnyOrder(NAMED, OLD);
    }

    @Test
    void leaseThatRunsOutStopsASweepInItsMiddle() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            put(RegionObjects.newFile(new Epoch(3), i));
        }
        sweep();
        clock.sleep(GRACE);
        var asked = new AtomicInteger();
        assertThat(sweeper.sweep(EPOCH, () -> asked.incrementAndGet() <= 3, Set::of)).hasSize(2);
        assertThat(stored()).hasSize(5);
    }

    @Test
    void nothingGoesOnceASuccessorHasClaimed() throws InterruptedException {
        sweep();
        clock.sleep(GRACE);
        manifests.claim(EPOCH.next(), Manifests.B, Manifests::initial);
        assertThat(sweep()).isEmpty();
        assertThat(stored()).containsExactlyInAnyOrder(NAMED, OLD);
    }

    @Test
    void filesOfASuccessorAndUnknownNamesStay() throws InterruptedException {
        put(RegionObjects.newFile(EPOCH.next(), 9));
        put("data/notes.txt");
        sweep();
        clock.sleep(GRACE);
        assertThat(sweep()).containsExactly(OLD);
        assertThat(stored()).hasSize(3);
    }

    @Test
    void nothingGoesWhenTheListOfWhatIsNeededFails() throws InterruptedException {
        sweep();
        clock.sleep(GRACE);
        assertThatThrownBy(() ->
                        sweeper.sweep(
                                EPOCH,
                                () -> true,
                                () -> {
                                    throw new IllegalStateException("not known");
                                }))
                .isInstanceOf(IllegalStateException.class);
        var damaged = Manifests.REGION.manifest(2);
        memory.create(damaged, new byte[3]);
        assertThatThrownBy(this::sweep).isInstanceOf(TerraneException.Corrupt.class);
        assertThat(stored()).containsExactlyInAnyOrder(NAMED, OLD);
    }
}
