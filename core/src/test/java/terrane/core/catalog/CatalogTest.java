package terrane.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import static terrane.core.catalog.CatalogTown.ALICE;
import static terrane.core.catalog.CatalogTown.BOB;
import static terrane.core.catalog.CatalogTown.CAROL;
import static terrane.core.catalog.CatalogTown.CPU;
import static terrane.core.catalog.CatalogTown.NOW;
import static terrane.core.catalog.CatalogTown.REGION;
import static terrane.core.catalog.CatalogTown.plan;
import static terrane.core.catalog.CatalogTown.procedure;
import static terrane.core.catalog.CatalogTown.save;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.TableId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.migration.MigrationState.CatchingUp;
import terrane.core.migration.MigrationState.Completed;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.HandingOver;
import terrane.core.migration.MigrationState.Opening;
import terrane.core.migration.MigrationState.Reclaiming;
import terrane.core.migration.MigrationState.RolledBack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Makes changes one by one and looks at what they imply.
class CatalogTest {
    private final CatalogTown town = CatalogTown.withTable();

    private static final Epoch ONE = new Epoch(1);
    private static final Epoch TWO = new Epoch(2);
    private static final Epoch THREE = new Epoch(3);

    private void handOver() {
        town.submit(9);
        town.done(save(9, 1, new CatchingUp()));
        town.done(save(9, 2, new HandingOver(ALICE, BOB, TWO)));
    }

    @Test
    void newTableIsReclaimedUnderEpochOneAndSpreadOverThePartitions() {
        var fresh = CatalogTown.settled();
        assertThat(fresh.apply(CatalogTown.create(CPU, 1)))
                .isInstanceOfSatisfying(
                        Applied.Created.class,
                        made -> assertThat(made.table()).isEqualTo(TableId.FIRST));
        assertThat(fresh.catalog.regions(TableId.FIRST))
                .extracting(RegionRecord::leadership)
                .containsExactly(
                        new Leadership.Reclaiming(ALICE, ONE), new Leadership.Reclaiming(BOB, ONE));
        assertThat(fresh.catalog.regions(TableId.FIRST))
                .extracting(RegionRecord::wal)
                .containsExactly(new WalPartition("wal-0", 0), new WalPartition("wal-1", 0));
        assertThat(fresh.region().procedure()).contains(procedure(1));
    }

    @Test
    void tableIdIsNotUsedAgain() {
        town.done(new Change.DropTable(procedure(5), TableId.FIRST, NOW));
        assertThat(town.apply(CatalogTown.create(CPU, 11)))
                .isInstanceOfSatisfying(
                        Applied.Created.class,
                        made -> assertThat(made.table()).isEqualTo(TableId.FIRST.next()));
    }

    @Test
    void tableIsRefusedWhileItsNameIsTakenAndStaleWhileANodeIsUnfit() {
        assertThat(town.apply(CatalogTown.create(CPU, 11))).isInstanceOf(Applied.Refused.class);
        town.done(new Change.NodeLeft(BOB));
        assertThat(town.apply(CatalogTown.create(TableName.of("mem"), 11)))
                .isInstanceOf(Applied.Stale.class);
    }

    @Test
    void handoverMovesTheLeadershipInTheStepsOfItsStates() {
        long before = town.routeVersion();
        town.submit(9);
        assertThat(town.region().leadership()).isEqualTo(new Leadership.Led(ALICE, ONE));
        town.done(save(9, 1, new CatchingUp()));
        assertThat(town.routeVersion()).isEqualTo(before);
        town.done(save(9, 2, new HandingOver(ALICE, BOB, TWO)));
        assertThat(town.region().leadership())
                .isEqualTo(new Leadership.HandingOver(ALICE, ONE, BOB, TWO));
        assertThat(town.region().lastEpoch()).isEqualTo(TWO);
        town.done(save(9, 3, new Completed()));
        assertThat(town.region().leadership()).isEqualTo(new Leadership.Led(BOB, TWO));
        assertThat(town.region().procedure()).isEmpty();
        assertThat(town.routeVersion()).isEqualTo(before + 2);
    }

    @Test
    void reclaimAfterAHandoverTakesAnotherEpochEvenForTheSameNode() {
        handOver();
        assertThat(town.apply(save(9, 3, new Reclaiming(BOB, TWO))))
                .isInstanceOf(Applied.Stale.class);
        town.done(save(9, 3, new Reclaiming(BOB, THREE)));
        assertThat(town.region().leadership()).isEqualTo(new Leadership.Reclaiming(BOB, THREE));
        town.done(save(9, 4, new Completed()));
        assertThat(town.region().leadership()).isEqualTo(new Leadership.Led(BOB, THREE));
    }

    @Test
    void epochIsBoundToAnIncarnationThatIsStillRegistered() {
        town.submit(9);
        town.done(save(9, 1, new CatchingUp()));
        var restarted = CatalogTown.node(BOB.peer().value(), 50);
        town.done(CatalogTown.register(restarted, Optional.of(BOB)));
        assertThat(town.apply(save(9, 2, new HandingOver(ALICE, BOB, TWO))))
                .isInstanceOf(Applied.Stale.class);
        assertThat(town.apply(save(9, 2, new HandingOver(ALICE, restarted, TWO))))
                .as("it has not proven that it sees the storage")
                .isInstanceOf(Applied.Stale.class);
        town.done(new Change.StorageProven(restarted));
        town.done(save(9, 2, new HandingOver(ALICE, restarted, TWO)));
    }

    @Test
    void stateThatRestsOnAnotherVersionIsNotSaved() {
        town.submit(9);
        town.done(save(9, 1, new CatchingUp()));
        byte[] before = town.bytes();
        assertThat(town.apply(save(9, 1, new Reclaiming(BOB, TWO))))
                .isInstanceOf(Applied.Stale.class);
        assertThat(town.bytes()).isEqualTo(before);
    }

    @Test
    void regionHasOneProcedureAtATime() {
        town.submit(9);
        var second =
                new Change.SubmitMigration(
                        procedure(10),
                        plan(REGION, ALICE.peer(), CAROL.peer()),
                        new Opening(),
                        Optional.empty());
        assertThat(town.apply(second))
                .isInstanceOfSatisfying(
                        Applied.Refused.class,
                        refused -> assertThat(refused.text()).contains(procedure(9).toString()));
        town.done(save(9, 1, new RolledBack("cancelled", Ending.CANCELLED)));
        town.done(second);
    }

    @Test
    void repeatedRequestGetsTheFirstProcedure() {
        var id = Optional.of("again");
        var plan = plan(REGION, ALICE.peer(), BOB.peer());
        town.done(new Change.SubmitMigration(procedure(9), plan, new Opening(), id));
        assertThat(town.apply(new Change.SubmitMigration(procedure(10), plan, new Opening(), id)))
                .isEqualTo(new Applied.Repeated(procedure(9)));
    }

    @Test
    void peerIdIsTakenOverOnlyFromWhomTheDecisionNamed() {
        var restarted = CatalogTown.node(0, 50);
        assertThat(town.apply(CatalogTown.register(restarted, Optional.empty())))
                .isInstanceOf(Applied.Stale.class);
        assertThat(town.apply(CatalogTown.register(restarted, Optional.of(BOB))))
                .isInstanceOf(Applied.Stale.class);
        town.done(CatalogTown.register(restarted, Optional.of(ALICE)));
        assertThat(town.catalog.registered(ALICE)).isFalse();
        assertThat(town.apply(CatalogTown.register(ALICE, Optional.of(restarted))))
                .as("it was replaced, and may not come back")
                .isInstanceOf(Applied.Refused.class);
    }

    @Test
    void routeChangesWithTheAddressOfItsLeader() {
        long before = town.routeVersion();
        var restarted = CatalogTown.node(0, 50);
        town.done(CatalogTown.register(restarted, Optional.of(ALICE)));
        assertThat(town.routeVersion()).isGreaterThan(before);
    }

    @Test
    void dropWaitsForAHandoverAndEndsWhatIsBeforeIt() {
        handOver();
        var drop = new Change.DropTable(procedure(20), TableId.FIRST, NOW);
        assertThat(town.apply(drop)).isInstanceOf(Applied.Stale.class);
        town.done(save(9, 3, new Reclaiming(BOB, THREE)));
        town.done(drop);
        assertThat(town.catalog.procedure(procedure(9)).orElseThrow().finished()).isTrue();
        assertThat(town.catalog.regions()).isEmpty();
        assertThat(town.catalog.table(CPU)).isEmpty();
        town.done(new Change.TableGone(procedure(20), NOW));
    }

    @Test
    void schemaIsShownOnceAllRegionsHaveIt() {
        var alter =
                new Change.SubmitAlter(procedure(30), TableId.FIRST, CatalogTown.schema(2), NOW);
        town.done(alter);
        assertThat(town.catalog.table(CPU).orElseThrow().table().schema().version()).isEqualTo(1);
        assertThat(town.apply(alter)).isInstanceOf(Applied.Repeated.class);
        assertThat(
                        town.apply(
                                new Change.SubmitAlter(
                                        procedure(31), TableId.FIRST, CatalogTown.schema(2), NOW)))
                .isInstanceOf(Applied.Stale.class);
        town.done(new Change.AlterDone(procedure(30), NOW));
        assertThat(town.catalog.table(CPU).orElseThrow().table().schema().version()).isEqualTo(2);
    }

    @Test
    void nothingIsPrunedThatARegionHasNotFlushedOrAProcedureHolds() {
        var wal = town.region().wal();
        assertThat(town.catalog.pruneFloor(wal)).contains(WalOffset.ZERO);
        town.done(flushed(100));
        town.submit(9);
        town.done(new Change.Pin(procedure(9)));
        town.done(flushed(500));
        assertThat(town.catalog.pruneFloor(wal)).contains(new WalOffset(100));
        town.done(flushed(300));
        assertThat(town.region().flushed()).isEqualTo(new WalOffset(500));
        town.done(new Change.Unpin(procedure(9)));
        assertThat(town.catalog.pruneFloor(wal)).contains(new WalOffset(500));
    }

    @Test
    void cancellationIsRememberedUntilItIsTooLateOrDone() {
        town.submit(9);
        assertThat(town.catalog.cancelled(procedure(9))).isFalse();
        town.done(new Change.Cancel(procedure(9)));
        town.done(new Change.Cancel(procedure(9)));
        assertThat(town.catalog.cancelled(procedure(9))).isTrue();
        town.done(save(9, 1, new CatchingUp()));
        assertThat(town.catalog.cancelled(procedure(9))).isTrue();
        town.done(save(9, 2, new RolledBack("cancelled", Ending.CANCELLED)));
        assertThat(town.catalog.cancelled(procedure(9))).isFalse();
        assertThat(town.apply(new Change.Cancel(procedure(9)))).isInstanceOf(Applied.Stale.class);
    }

    @Test
    void cancellationOfWhatIsHandedOverIsNotRemembered() {
        handOver();
        assertThat(town.apply(new Change.Cancel(procedure(9)))).isInstanceOf(Applied.Stale.class);
        assertThat(town.catalog.cancelled(procedure(9))).isFalse();
        assertThat(town.apply(new Change.Cancel(procedure(77))))
                .isInstanceOf(Applied.Refused.class);
    }

    private static Change flushed(long offset) {
        return new Change.CommitFlushed(
                List.of(new Change.FlushedTo(REGION, new WalOffset(offset))));
    }

    @Test
    void longestWriteGapOfTheEpochIsKept() {
        handOver();
        town.done(new Change.RecordWriteGap(REGION, TWO, Duration.ofMillis(4)));
        town.done(new Change.RecordWriteGap(REGION, TWO, Duration.ofMillis(9)));
        town.done(new Change.RecordWriteGap(REGION, TWO, Duration.ofMillis(2)));
        var procedure = (Procedure.Migrating) town.catalog.procedure(procedure(9)).orElseThrow();
        assertThat(procedure.measured().writeGap()).contains(Duration.ofMillis(9));
    }

    @Test
    void watcherIsToldWhatChangedSinceItsVersion() {
        long version = town.catalog.version();
        assertThat(town.catalog.changesSince(version).empty()).isTrue();
        handOver();
        assertThat(town.catalog.changesSince(version).changed()).containsExactly(TableId.FIRST);
        long later = town.catalog.version();
        town.done(save(9, 3, new Completed()));
        town.done(new Change.DropTable(procedure(20), TableId.FIRST, NOW));
        var delta = town.catalog.changesSince(later);
        assertThat(delta.complete()).isFalse();
        assertThat(delta.dropped()).containsExactly(TableId.FIRST);
        assertThat(town.catalog.changesSince(0).complete()).isTrue();
        assertThat(town.catalog.changesSince(delta.version() + 1).complete()).isTrue();
    }
}
