package terrane.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import static terrane.core.catalog.CatalogTown.ALICE;
import static terrane.core.catalog.CatalogTown.BOB;
import static terrane.core.catalog.CatalogTown.CAROL;
import static terrane.core.catalog.CatalogTown.REGION;
import static terrane.core.catalog.CatalogTown.procedure;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.migration.MigrationState;
import terrane.core.migration.MigrationState.CatchingUp;
import terrane.core.migration.MigrationState.Completed;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.HandingOver;
import terrane.core.migration.MigrationState.Opening;
import terrane.core.migration.MigrationState.Reclaiming;
import terrane.core.migration.MigrationState.RolledBack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Throws changes at the catalog, right ones and wrong ones, a few thousand of them from each of
/// many seeds, and checks after each what must always hold.
class CatalogPropertyTest {
    private static final int SEEDS = 60;
    private static final int CHANGES = 400;

    /// A run: its catalog, what was applied, and who was ever given which epoch.
    private static final class Run {
        private final SplittableRandom random;
        private final CatalogTown town = CatalogTown.withTable();
        private final List<Change> applied = new ArrayList<>();
        private final Map<Epoch, Node> given = new HashMap<>();
        private final List<Node> nodes = new ArrayList<>(List.of(ALICE, BOB, CAROL));
        private long nextProcedure = 100;
        private long nextIncarnation = 100;

        Run(long seed) {
            random = new SplittableRandom(seed);
            remember(town.region());
        }

        private Node node() {
            return nodes.get(random.nextInt(nodes.size()));
        }

        /// Mostly the next one, sometimes another.
        private Epoch epoch() {
            long last = town.region().lastEpoch().value();
            return new Epoch(random.nextInt(4) > 0 ? last + 1 : random.nextLong(last + 3));
        }

        private MigrationState state() {
            return switch (random.nextInt(6)) {
                case 0 -> new Opening();
                case 1 -> new CatchingUp();
                case 2 -> new HandingOver(node(), node(), epoch());
                case 3 -> new Reclaiming(node(), epoch());
                case 4 -> new Completed();
                default -> new RolledBack("random", Ending.FAILED);
            };
        }

        private Change change() {
            return switch (random.nextInt(12)) {
                case 0 -> submit();
                case 1 -> random.nextInt(3) > 0 ? new Change.Noop() : restart();
                case 2, 3 -> new Change.StorageProven(node());
                case 4 -> new Change.Pin(held());
                case 5 ->
                        new Change.CommitFlushed(
                                List.of(
                                        new Change.FlushedTo(
                                                REGION, new WalOffset(random.nextLong(1000)))));
                default ->
                        town.region().procedure().isEmpty()
                                ? submit()
                                : new Change.SaveMigration(
                                        held(),
                                        expected(),
                                        state(),
                                        Measured.NOTHING,
                                        CatalogTown.NOW);
            };
        }

        private Change submit() {
            var source =
                    town.region().leadership() instanceof Leadership.Led led
                            ? led.leader()
                            : node();
            return new Change.SubmitMigration(
                    procedure(nextProcedure++),
                    CatalogTown.plan(REGION, source.peer(), node().peer()),
                    random.nextInt(3) > 0 ? new Opening() : state(),
                    Optional.empty());
        }

        /// The region's procedure, or one that has long ended.
        private ProcedureId held() {
            return town.region().procedure().orElse(procedure(1));
        }

        private long expected() {
            long version = town.catalog.procedure(held()).map(Procedure::version).orElse(1L);
            return random.nextInt(5) > 0 ? version : random.nextLong(1, 6);
        }

        private Change restart() {
            int index = random.nextInt(nodes.size());
            var before = nodes.get(index);
            var after = CatalogTown.node(before.peer().value(), nextIncarnation++);
            nodes.set(index, after);
            return CatalogTown.register(after, Optional.of(before));
        }

        void step() {
            var region = town.region();
            long route = town.routeVersion();
            long version = town.catalog.version();
            byte[] before = town.bytes();
            var change = change();
            var result = town.apply(change);
            applied.add(change);
            var after = town.region();
            if (result instanceof Applied.Refused || result instanceof Applied.Stale) {
                assertThat(town.bytes()).as("refused: %s", change).isEqualTo(before);
            }
            assertThat(town.catalog.version()).isGreaterThanOrEqualTo(version);
            assertThat(after.lastEpoch()).isGreaterThanOrEqualTo(region.lastEpoch());
            if (!after.leadership().equals(region.leadership())) {
                assertThat(town.routeVersion()).as("%s", change).isGreaterThan(route);
            }
            remember(after);
            check(after);
        }

        /// An epoch belongs to one incarnation, for ever.
        private void remember(RegionRecord region) {
            var holders = new HashMap<Epoch, Node>();
            switch (region.leadership()) {
                case Leadership.Led led -> holders.put(led.epoch(), led.leader());
                case Leadership.HandingOver h -> {
                    holders.put(h.epoch(), h.source());
                    holders.put(h.next(), h.target());
                }
                case Leadership.Reclaiming r -> holders.put(r.epoch(), r.claimant());
            }
            holders.forEach((epoch, node) -> {
                var earlier = given.putIfAbsent(epoch, node);
                if (earlier != null) {
                    assertThat(node).as("epoch %s", epoch).isEqualTo(earlier);
                }
                assertThat(epoch).isLessThanOrEqualTo(region.lastEpoch());
            });
        }

        /// Only a procedure that is not finished may leave a region without a leader.
        private void check(RegionRecord region) {
            if (!(region.leadership() instanceof Leadership.Led)) {
                var procedure = region.procedure().flatMap(town.catalog::procedure).orElseThrow();
                assertThat(procedure.finished()).isFalse();
            }
            region.procedure()
                    .flatMap(town.catalog::procedure)
                    .ifPresent(procedure -> assertThat(procedure.finished()).isFalse());
        }
    }

    @Test
    void whatMustAlwaysHoldHoldsAfterEveryChange() {
        int moved = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            var run = new Run(seed);
            for (int i = 0; i < CHANGES; i++) {
                run.step();
            }
            moved += run.given.size();
        }
        assertThat(moved).as("epochs that were given").isGreaterThan(SEEDS * 3);
    }

    @Test
    void sameChangesGiveTheSameBytes() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var run = new Run(seed);
            for (int i = 0; i < CHANGES / 4; i++) {
                run.step();
            }
            var replica = CatalogTown.withTable();
            for (var change : run.applied) {
                replica.apply(ChangeCodec.decode(ChangeCodec.encode(change)));
            }
            assertThat(replica.bytes()).as("seed %d", seed).isEqualTo(run.town.bytes());
        }
    }

    @Test
    void snapshotGoesOnAsTheCatalogDoes() {
        for (long seed = 0; seed < SEEDS; seed++) {
            var run = new Run(seed);
            for (int i = 0; i < CHANGES / 4; i++) {
                run.step();
            }
            var loaded = CatalogTown.decoded(run.town.bytes());
            assertThat(CatalogTown.bytes(loaded)).isEqualTo(run.town.bytes());
            var drop = new Change.DropTable(procedure(1), TableId.FIRST, CatalogTown.NOW);
            assertThat(loaded.apply(drop)).isEqualTo(run.town.apply(drop));
            assertThat(CatalogTown.bytes(loaded)).isEqualTo(run.town.bytes());
        }
    }
}
