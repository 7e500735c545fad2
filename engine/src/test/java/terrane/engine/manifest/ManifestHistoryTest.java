package terrane.engine.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.Incarnation;
import terrane.core.TerraneException;
import terrane.engine.storage.FaultyObjectStore;
import terrane.engine.storage.FaultyObjectStore.Fault;
import terrane.engine.storage.MemoryObjectStore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Leaders of growing epochs edit one manifest over a store that loses answers, delivers creates
/// late and is away, in an order drawn by a seed; a leader knows nothing of the next until it is
/// told. Whatever happens, what is there in the end is one history.
class ManifestHistoryTest {
    private static final int SEEDS = 400;
    private static final int STEPS = 60;

    @Test
    void historyIsOneLineOfEditsWhateverTheStoreDoes() throws InterruptedException {
        var injected = new EnumMap<Fault, Integer>(Fault.class);
        int ended = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var world = new World(seed);
            for (int i = 0; i < STEPS; i++) {
                world.step();
            }
            world.check();
            world.store.injected().forEach((fault, n) -> injected.merge(fault, n, Integer::sum));
            ended += world.ended;
        }
        assertThat(injected).hasSize(Fault.values().length);
        assertThat(ended).as("leaders that met a successor").isGreaterThan(SEEDS);
    }

    /// A leader: what it knows, and what it tries while the outcome of a try is unknown.
    private static final class Leader {
        final Epoch epoch;
        final Incarnation incarnation;
        final ManifestStore manifests;
        Optional<Manifest> known = Optional.empty();
        Optional<Manifest> tried = Optional.empty();
        boolean ended;

        Leader(Epoch epoch, ManifestStore manifests) {
            this.epoch = epoch;
            this.incarnation = new Incarnation(epoch.value(), 0);
            this.manifests = manifests;
        }
    }

    private static final class World {
        final SplittableRandom random;
        final FaultyObjectStore store;
        final SteppedClock clock = new SteppedClock();
        final MemoryObjectStore memory = new MemoryObjectStore();
        final List<Leader> leaders = new ArrayList<>();
        final List<Manifest> acknowledged = new ArrayList<>();
        final String name;
        int ended;

        World(long seed) {
            name = "seed %d".formatted(seed);
            random = new SplittableRandom(seed);
            store = new FaultyObjectStore(memory, seed, 30);
        }

        private ManifestStore open() {
            return new ManifestStore(
                    store,
                    Manifests.CLUSTER,
                    Manifests.REGION,
                    clock,
                    random::nextLong,
                    Duration.ofMillis(random.nextInt(1, 100)));
        }

        void step() throws InterruptedException {
            if (leaders.isEmpty() || random.nextInt(10) == 0) {
                leaders.add(new Leader(new Epoch(leaders.size() + 1L), open()));
            }
            var leader = leaders.get(random.nextInt(leaders.size()));
            if (leader.ended) {
                return;
            }
            try {
                var edit =
                        leader.known.isEmpty()
                                ? leader.manifests.claim(
                                        leader.epoch, leader.incarnation, Manifests::initial)
                                : leader.manifests.create(next(leader, leader.known.get()));
                learn(leader, edit);
            } catch (TerraneException.Unavailable e) {
                return; // the store is away: nothing was learnt
            }
        }

        /// Half of the leaders repeat what they tried, half try something else.
        private Manifest next(Leader leader, Manifest known) {
            if (leader.tried.isEmpty() || random.nextBoolean()) {
                String file = RegionObjects.newFile(leader.epoch, random.nextLong());
                var writer = leader.manifests.writer(leader.epoch, leader.incarnation);
                leader.tried = Optional.of(Manifests.withFile(known, file).next(writer));
            }
            return leader.tried.orElseThrow();
        }

        private void learn(Leader leader, Edit edit) {
            switch (edit) {
                case Edit.Created(var manifest) -> {
                    acknowledged.add(manifest);
                    leader.known = Optional.of(manifest);
                    leader.tried = Optional.empty();
                }
                case Edit.Lost(var winner) -> {
                    leader.known = Optional.of(winner);
                    leader.tried = Optional.empty();
                }
                case Edit.Superseded(var latest) -> {
                    assertThat(latest.writer().epoch().isAbove(leader.epoch)).as(name).isTrue();
                    leader.ended = true;
                    ended++;
                }
                case Edit.Unknown _ -> assertThat(leader.manifests.isSettled()).as(name).isFalse();
            }
        }

        void check() {
            store.deliver();
            var history = history();
            assertThat(history).as(name).containsAll(acknowledged);
            for (int i = 1; i < history.size(); i++) {
                var before = history.get(i - 1);
                var after = history.get(i);
                assertThat(before.writer().epoch().isAbove(after.writer().epoch()))
                        .as("%s: epochs never fall", name)
                        .isFalse();
                var files = Manifests.fileNames(after);
                assertThat(files.subList(0, before.files().size()))
                        .as("%s: no edit is lost", name)
                        .isEqualTo(Manifests.fileNames(before));
                assertThat(files.size() - before.files().size()).as(name).isBetween(0, 1);
            }
            var nonces = Map.copyOf(noncesOf(history));
            assertThat(nonces).as("%s: every version has one writer", name).hasSize(history.size());
        }

        private static Map<Long, Long> noncesOf(List<Manifest> history) {
            var nonces = new java.util.TreeMap<Long, Long>();
            history.forEach(m -> nonces.put(m.writer().nonce(), m.version()));
            return nonces;
        }

        /// All versions from 1 on, without a hole.
        private List<Manifest> history() {
            var objects = memory.list(Manifests.REGION.manifestFolder());
            var history = new ArrayList<Manifest>();
            for (var object : objects) {
                history.add(ManifestCodec.decode(memory.read(object.name()).orElseThrow()));
                assertThat(history.getLast().version()).as(name).isEqualTo(history.size());
            }
            return history;
        }
    }
}
