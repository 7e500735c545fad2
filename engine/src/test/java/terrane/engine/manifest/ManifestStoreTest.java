package terrane.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.TerraneException;
import terrane.engine.storage.FaultyObjectStore;
import terrane.engine.storage.FaultyObjectStore.Fault;
import terrane.engine.storage.MemoryObjectStore;
import terrane.engine.storage.ObjectStore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Each way in which a create can end (`docs/protocols/manifest.md`, section 3), one by one.
class ManifestStoreTest {
    private static final Epoch FIRST = new Epoch(1);
    private static final Epoch SECOND = new Epoch(2);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final FaultyObjectStore store = new FaultyObjectStore(memory, 1, 0);
    private final SteppedClock clock = new SteppedClock();
    private final SplittableRandom random = new SplittableRandom(1);
    private final ManifestStore manifests = open(store);

    private ManifestStore open(ObjectStore objects) {
        return new ManifestStore(
                objects, Manifests.CLUSTER, Manifests.REGION, clock, random::nextLong, PATIENCE);
    }

    private static Manifest created(Edit edit) {
        assertThat(edit).isInstanceOf(Edit.Created.class);
        return ((Edit.Created) edit).manifest();
    }

    private Manifest claimed(Epoch epoch, Incarnation incarnation) throws InterruptedException {
        return created(manifests.claim(epoch, incarnation, Manifests::initial));
    }

    /// The edit that names one more file.
    private Manifest edit(Manifest base, Epoch epoch, Incarnation incarnation) {
        String name = RegionObjects.newFile(epoch, base.version());
        return Manifests.withFile(base, name).next(manifests.writer(epoch, incarnation));
    }

    @Test
    void claimOfANewRegionIsVersionOne() throws InterruptedException {
        assertThat(manifests.latest()).isEmpty();
        var first = claimed(FIRST, Manifests.A);
        assertThat(first.version()).isEqualTo(1);
        assertThat(first.writer().epoch()).isEqualTo(FIRST);
        assertThat(manifests.latest()).contains(first);
        assertThat(manifests.read(1)).contains(first);
        assertThat(manifests.read(2)).isEmpty();
    }

    @Test
    void claimIsTheNextVersionWithTheSameContent() throws InterruptedException {
        var before =
                created(manifests.create(edit(claimed(FIRST, Manifests.A), FIRST, Manifests.A)));
        var claim = claimed(SECOND, Manifests.B);
        assertThat(claim).isEqualTo(before.next(claim.writer()));
        assertThat(claim.version()).isEqualTo(3);
        assertThat(claim.writer().epoch()).isEqualTo(SECOND);
        assertThat(claim.writer().incarnation()).isEqualTo(Manifests.B);
    }

    @Test
    void ofTwoWritersOfOneNumberOneWinsAndTheOtherReadsIt() throws InterruptedException {
        var base = claimed(FIRST, Manifests.A);
        var one = edit(base, FIRST, Manifests.A);
        var other = edit(base, FIRST, Manifests.A);
        assertThat(manifests.create(one)).isEqualTo(new Edit.Created(one));
        assertThat(manifests.create(other)).isEqualTo(new Edit.Lost(one));
        assertThat(manifests.latest()).contains(one);
    }

    @Test
    void ofManyRacingWritersOneWins() throws Exception {
        var base = claimed(FIRST, Manifests.A);
        var start = new CountDownLatch(1);
        var edits = new ArrayList<Future<Edit>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var next = edit(base, FIRST, Manifests.A);
                Callable<Edit> task =
                        () -> {
                            start.await();
                            return open(memory).create(next);
                        };
                edits.add(threads.submit(task));
            }
            start.countDown();
            var won = new ArrayList<Manifest>();
            for (var edit : edits) {
                if (edit.get() instanceof Edit.Created(var manifest)) {
                    won.add(manifest);
                }
            }
            assertThat(won).hasSize(1);
            assertThat(manifests.latest()).contains(won.getFirst());
        }
    }

    @Test
    void staleWriterIsRefusedAndToldToStopForGood() throws InterruptedException {
        var base = claimed(FIRST, Manifests.A);
        var claim = claimed(SECOND, Manifests.B);
        var stale = edit(base, FIRST, Manifests.A);
        assertThat(manifests.create(stale)).isEqualTo(new Edit.Superseded(claim));
        assertThat(manifests.claim(FIRST, Manifests.A, Manifests::initial))
                .isEqualTo(new Edit.Superseded(claim));
        assertThat(manifests.latest()).contains(claim);
    }

    @Test
    void anEpochBelongsToOneIncarnation() throws InterruptedException {
        var claim = claimed(FIRST, Manifests.A);
        assertThat(manifests.claim(FIRST, Manifests.B, Manifests::initial))
                .isEqualTo(new Edit.Superseded(claim));
    }

    @Test
    void ownNonceBehindARefusalIsSuccess() throws InterruptedException {
        var next = edit(claimed(FIRST, Manifests.A), FIRST, Manifests.A);
        store.next(Fault.LOST_ANSWER, Fault.NONE);
        assertThat(manifests.create(next)).isEqualTo(new Edit.Created(next));
        assertThat(manifests.create(next)).isEqualTo(new Edit.Created(next));
        assertThat(manifests.isSettled()).isTrue();
    }

    @Test
    void conflictIsTriedAgain() throws InterruptedException {
        var next = edit(claimed(FIRST, Manifests.A), FIRST, Manifests.A);
        store.next(Fault.CONFLICT, Fault.AWAY, Fault.CONFLICT);
        assertThat(manifests.create(next)).isEqualTo(new Edit.Created(next));
    }

    @Test
    void absenceOnAReadProvesNothing() throws InterruptedException {
        var base = claimed(FIRST, Manifests.A);
        var late = edit(base, FIRST, Manifests.A);
        store.next(unknownForLong(Fault.LATE));
        assertThat(manifests.create(late)).isEqualTo(new Edit.Unknown(2));
        assertThat(manifests.read(2)).isEmpty();
        assertThat(manifests.isSettled()).isFalse();

        store.calm();
        store.deliver();
        assertThat(manifests.create(edit(base, FIRST, Manifests.A))).isEqualTo(new Edit.Lost(late));
        assertThat(manifests.isSettled()).isTrue();
    }

    @Test
    void unknownEndsWithThePatienceAndIsSettledByTheSameNumber() throws InterruptedException {
        var next = edit(claimed(FIRST, Manifests.A), FIRST, Manifests.A);
        store.next(unknownForLong(Fault.AWAY));
        long start = clock.nanos();
        assertThat(manifests.create(next)).isEqualTo(new Edit.Unknown(2));
        assertThat(Duration.ofNanos(clock.nanos() - start)).isLessThanOrEqualTo(PATIENCE);
        assertThat(manifests.isSettled()).isFalse();
        store.calm();
        assertThat(manifests.create(next)).isEqualTo(new Edit.Created(next));
        assertThat(manifests.isSettled()).isTrue();
    }

    @Test
    void lateCreateOfAStaleWriterFindsTheNumberTaken() throws InterruptedException {
        var base = claimed(FIRST, Manifests.A);
        store.next(unknownForLong(Fault.LATE));
        manifests.create(edit(base, FIRST, Manifests.A));
        store.calm();
        var claim = created(open(memory).claim(SECOND, Manifests.B, Manifests::initial));
        store.deliver();
        assertThat(manifests.latest()).contains(claim);
        assertThat(manifests.create(edit(base, FIRST, Manifests.A)))
                .isEqualTo(new Edit.Superseded(claim));
    }

    /// More faults than there are tries in the patience; what is left of them is dropped by
    /// [FaultyObjectStore#calm].
    private static Fault[] unknownForLong(Fault fault) {
        var faults = new Fault[100];
        java.util.Arrays.fill(faults, fault);
        return faults;
    }

    @Test
    void damagedOrForeignVersionIsCorrupt() throws InterruptedException {
        String name = Manifests.REGION.manifest(1);
        var elsewhere = new RegionObjects(Manifests.REGION.region().table().region(3));
        var second = ManifestCodec.encode(Manifests.initial().at(2, Manifests.initial().writer()));
        memory.create(name, second);
        memory.create(elsewhere.manifest(1), ManifestCodec.encode(Manifests.initial()));
        memory.create(Manifests.REGION.manifest(3), new byte[] {1, 2, 3});
        for (Callable<?> read :
                java.util.List.<Callable<?>>of(
                        () -> manifests.read(1),
                        () -> manifests.latest(),
                        () ->
                                new ManifestStore(
                                                memory,
                                                Manifests.CLUSTER,
                                                elsewhere,
                                                clock,
                                                random::nextLong,
                                                PATIENCE)
                                        .latest())) {
            assertThatThrownBy(read::call)
                    .isInstanceOf(TerraneException.Corrupt.class)
                    .extracting(e -> ((TerraneException) e).code())
                    .isEqualTo(ErrorCode.CORRUPT_MANIFEST);
        }
    }

    @Test
    void otherObjectsInTheFolderAreNoVersions() throws InterruptedException {
        var claim = claimed(FIRST, Manifests.A);
        memory.create(Manifests.REGION.folder() + "manifest/notes.txt", new byte[1]);
        memory.create(Manifests.REGION.folder() + "manifest/99999999999999999999", new byte[1]);
        assertThat(manifests.latest()).contains(claim);
        assertThat(manifests.versionCount()).isEqualTo(1);
    }

    @Test
    void nothingIsFreedWithoutAClaimOfOnesOwn() throws InterruptedException {
        var latest = claimed(FIRST, Manifests.A);
        for (int i = 0; i < 40; i++) {
            latest = created(manifests.create(edit(latest, FIRST, Manifests.A)));
        }
        assertThat(manifests.prune(latest)).isZero(); // all are above the claim
        assertThat(open(memory).prune(latest)).isZero(); // this one never claimed
        assertThat(manifests.versionCount()).isEqualTo(41);
    }

    @Test
    void versionsBelowTheLastClaimAreFreedButNotTheNewest() throws InterruptedException {
        var latest = claimed(FIRST, Manifests.A);
        for (int i = 0; i < 40; i++) {
            latest = created(manifests.create(edit(latest, FIRST, Manifests.A)));
        }
        latest = claimed(SECOND, Manifests.B);
        assertThat(manifests.prune(latest)).isEqualTo(42 - ManifestStore.VERSIONS_KEPT);
        assertThat(manifests.versionCount()).isEqualTo(ManifestStore.VERSIONS_KEPT);
        for (int i = 0; i < 40; i++) {
            latest = created(manifests.create(edit(latest, SECOND, Manifests.B)));
        }
        manifests.prune(latest);
        assertThat(manifests.read(41)).isEmpty();
        assertThat(manifests.read(42)).as("the claim").isPresent();
        assertThat(manifests.versionCount()).isEqualTo(41);
        assertThat(manifests.latest()).contains(latest);
    }

    @Test
    void sleeperThatTakesAFreedNumberIsToldToStop() throws InterruptedException {
        var base = claimed(FIRST, Manifests.A);
        var latest = claimed(SECOND, Manifests.B);
        for (int i = 0; i < 20; i++) {
            latest = created(manifests.create(edit(latest, SECOND, Manifests.B)));
        }
        latest = claimed(new Epoch(3), Manifests.B);
        manifests.prune(latest);
        assertThat(manifests.read(2)).isEmpty();
        assertThat(open(memory).create(edit(base, FIRST, Manifests.A)))
                .isEqualTo(new Edit.Superseded(latest));
        assertThat(manifests.latest()).contains(latest);
    }

    @Test
    void nothingIsLeftOfADroppedRegion() throws InterruptedException {
        claimed(FIRST, Manifests.A);
        memory.create(Manifests.REGION.object("data/1-0000000000000001.parquet"), new byte[1]);
        memory.create("regions/1087/46686294507520/manifest/1", new byte[1]);
        Manifests.REGION.deleteAll(memory);
        assertThat(memory.list(""))
                .extracting(ObjectStore.Listed::name)
                .containsExactly("regions/1087/46686294507520/manifest/1");
        assertThat(manifests.latest()).isEmpty();
    }
}
