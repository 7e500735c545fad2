package terrane.metasrv.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static terrane.metasrv.procedure.Town.FIRST;
import static terrane.metasrv.procedure.Town.REGION;
import static terrane.metasrv.procedure.Town.SECOND;
import static terrane.metasrv.procedure.Town.THIRD;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.RegionId;
import terrane.core.TerraneException.Rejected;
import terrane.core.WalOffset;
import terrane.core.catalog.Change;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.Procedure;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.RolledBack;
import terrane.core.migration.Plan.Limits;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/// Everything that a leader runs by itself: failovers, schema changes, drops, and what is submitted
/// or cancelled by people, with each refusal in its documented order.
class ProceduresTest {
    private Town town;
    private Procedures procedures;
    private MigrationRequests requests;

    @BeforeEach
    void found() throws InterruptedException {
        town = Town.founded();
        procedures = town.procedures();
        requests = town.requests(procedures);
    }

    @AfterEach
    void close() {
        procedures.close();
    }

    private boolean done(ProcedureId id) {
        return town.store.read(
                catalog -> catalog.procedure(id).map(Procedure::finished).orElse(true));
    }

    private void assertRefused(MigrationRequests.Move move, ErrorCode code, String... words) {
        int before = town.store.changes().size();
        assertThatThrownBy(() -> requests.submit(move))
                .isInstanceOfSatisfying(Rejected.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContainingAll(words);
        assertThat(town.store.changes()).as("a refusal changes nothing").hasSize(before);
    }

    private static MigrationRequests.Move move(Node from, Node to) {
        return Town.move(from, to, Limits.DEFAULT);
    }

    private static MigrationRequests.Move move(long from, long to) {
        return new MigrationRequests.Move(
                REGION, new PeerId(from), new PeerId(to), Limits.DEFAULT, Optional.empty());
    }

    @Test
    void submittedMigrationGoesOnByItself() throws InterruptedException {
        procedures.start();
        var id = requests.submit(move(FIRST, SECOND)).orElseThrow();
        assertThat(requests.awaitEnd(id, Duration.ofSeconds(10))).isTrue();
        assertThat(town.led().leader()).isEqualTo(SECOND);
    }

    @Test
    void regionOfADeadNodeIsLedByAnother() {
        procedures.start();
        town.nodes.kill(FIRST);
        await().until(() -> town.settled() && !town.led().leader().equals(FIRST));
        assertThat(town.nodes.breaches()).isEmpty();
    }

    @Test
    void nodeThatLivesMayReclaimWhatItGaveUp() {
        procedures.start();
        var epoch = town.epoch();
        town.ledger.finalized(REGION, epoch);
        procedures.failures().gaveUp(FIRST, REGION, epoch, "append unknown");
        await().until(() -> town.settled() && town.epoch().isAbove(epoch));
        assertThat(town.led().leader()).isEqualTo(FIRST);
    }

    private static final WalOffset POISON = new WalOffset(107);

    private void killTheLeaderOfAPoisonedRegion(boolean rows) {
        procedures.start();
        town.nodes.poison(POISON, rows);
        town.nodes.kill(FIRST);
        await().until(() -> !requests.poisons().isEmpty());
    }

    private void assertNotSkipped(RegionId region, WalOffset offset, String words) {
        assertThatThrownBy(() -> requests.skip(region, offset))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining(words);
    }

    @Test
    void regionWaitsAtARecordThatCannotBeReadUntilItIsGivenUp() throws InterruptedException {
        killTheLeaderOfAPoisonedRegion(true);
        assertThat(requests.poisons())
                .singleElement()
                .satisfies(poison -> {
                    assertThat(poison.region()).isEqualTo(REGION);
                    assertThat(poison.offset()).isEqualTo(POISON);
                    assertThat(poison.reason()).isEqualTo("of a later version");
                });
        assertNotSkipped(REGION, POISON.next(), "waits at another record");
        assertNotSkipped(new RegionId(7), POISON, "waits at no record");
        assertThat(town.settled()).isFalse();
        requests.skip(REGION, POISON);
        await().until(town::settled);
        assertThat(requests.poisons()).isEmpty();
        assertNotSkipped(REGION, POISON, "waits at no record");
    }

    @Test
    void aFenceThatCannotBeReadIsNotSkipped() {
        killTheLeaderOfAPoisonedRegion(false);
        assertNotSkipped(REGION, POISON, "a program that can read it is needed");
        assertThat(requests.poisons()).isNotEmpty();
    }

    @Test
    void anotherIncarnationLeadsNothingUntilTold() {
        procedures.start();
        var again = new Node(FIRST.peer(), new Incarnation(9, 9));
        town.nodes.kill(FIRST);
        town.register(again, Optional.of(FIRST));
        procedures.failures().arrived(again);
        await().until(() -> town.settled() && !town.led().leader().equals(FIRST));
    }

    @Test
    void nobodyIsChosenWhileNobodyLives() throws InterruptedException {
        for (var node : java.util.List.of(FIRST, SECOND, THIRD)) {
            town.nodes.kill(node);
        }
        town.clock.sleep(Town.LEASES.honoured());
        procedures.lookForLosses();
        assertThat(town.led().leader()).isEqualTo(FIRST);
        town.nodes.start(THIRD);
        procedures.start();
        await().until(() -> town.settled() && town.led().leader().equals(THIRD));
    }

    @Test
    void schemaChangesReachTheLeaderAndThenTheCatalog() throws InterruptedException {
        procedures.start();
        var columns = new ArrayList<>(Town.SCHEMA.columns());
        columns.add(new Column(3, "load", ColumnType.FLOAT64, Column.Semantic.FIELD, true));
        var schema = new TableSchema(2, columns, MergeMode.LAST_ROW);
        var id = town.id();
        town.store.commit(new Change.SubmitAlter(id, REGION.table(), schema, Instant.EPOCH));
        await().until(() -> done(id));
        assertThat(town.nodes.wasGiven(FIRST, Order.Alter.class)).isTrue();
        assertThat(town.store.read(c -> c.table(REGION.table())).orElseThrow().table().schema())
                .isEqualTo(schema);
    }

    @Test
    void droppedTableIsDeletedAfterItsLeases() throws InterruptedException {
        procedures.start();
        var id = town.id();
        town.store.commit(new Change.DropTable(id, REGION.table(), Instant.EPOCH));
        await().until(() -> done(id));
        assertThat(town.nodes.wasGiven(FIRST, Order.Drop.class)).isTrue();
        boolean there = town.store.read(c -> c.table(TableName.of("cpu")).isPresent());
        assertThat(there).isFalse();
    }

    @Test
    void refusalsComeInTheDocumentedOrder() {
        assertRefused(move(1, 1), ErrorCode.SAME_PEER, "the same: 1");
        assertRefused(move(9, 9), ErrorCode.SAME_PEER, "the same: 9");
        assertRefused(move(1, 9), ErrorCode.PEER_NOT_FOUND, "peer_id=9");
        assertRefused(move(9, 2), ErrorCode.PEER_NOT_FOUND, "peer_id=9");
        assertRefused(move(3, 2), ErrorCode.NOT_THE_LEADER, "leader_peer_id=1");
        town.nodes.kill(SECOND);
        assertRefused(move(3, 2), ErrorCode.NOT_THE_LEADER, "leader_peer_id=1");
        assertRefused(move(1, 2), ErrorCode.PEER_UNFIT, "not alive", "to_peer_id=2");
    }

    @Test
    void unknownRegionIsRefused() {
        var unknown =
                new MigrationRequests.Move(
                        REGION.table().region(7),
                        FIRST.peer(),
                        SECOND.peer(),
                        Limits.DEFAULT,
                        Optional.empty());
        assertRefused(unknown, ErrorCode.REGION_NOT_FOUND, "4398046511111");
    }

    @Test
    void regionThatIsThereAlreadyNeedsNoProcedure() throws InterruptedException {
        assertThat(requests.submit(move(SECOND, FIRST))).isEmpty();
        assertThat(requests.submit(move(THIRD, FIRST))).isEmpty();
    }

    @Test
    void secondMigrationOfARegionNamesTheFirst() throws InterruptedException {
        var id = requests.submit(move(FIRST, SECOND)).orElseThrow();
        assertRefused(move(FIRST, THIRD), ErrorCode.ALREADY_MIGRATING, id.toString());
    }

    @Test
    void targetThatDoesNotShareTheStorageIsRefused() {
        var fourth = new Node(new PeerId(4), new Incarnation(4, 4));
        town.register(fourth, Optional.empty());
        assertRefused(move(FIRST, fourth), ErrorCode.NOT_MOVABLE, "storage is not shared");
    }

    @Test
    void sourceThatIsDownIsNoReasonToRefuse() throws InterruptedException {
        town.nodes.kill(FIRST);
        var id = requests.submit(move(FIRST, SECOND)).orElseThrow();
        procedures.start();
        await().until(() -> done(id));
        assertThat(town.led().leader()).isEqualTo(SECOND);
        assertThat(town.settled()).isTrue();
    }

    @Test
    void repetitionUnderOneRequestIdIsHarmless() throws InterruptedException {
        var move =
                new MigrationRequests.Move(
                        REGION, FIRST.peer(), SECOND.peer(), Limits.DEFAULT, Optional.of("mine"));
        var id = requests.submit(move).orElseThrow();
        procedures.start();
        await().until(() -> done(id));
        assertThat(requests.submit(move)).contains(id);
    }

    @Test
    void cancelledMigrationLeavesTheSourceLeading() throws InterruptedException {
        town.nodes.lag(1_000_000);
        procedures.start();
        var id = requests.submit(move(FIRST, SECOND)).orElseThrow();
        requests.cancel(id);
        assertThat(town.migrating(id).state())
                .isEqualTo(new RolledBack("cancelled", Ending.CANCELLED));
        assertThat(town.led().leader()).isEqualTo(FIRST);
        assertThatThrownBy(() -> requests.cancel(id)).hasMessageContaining("too late to cancel");
    }

    @Test
    void cancellationOutlivesTheLeaderThatWasAskedForIt() throws InterruptedException {
        town.nodes.lag(1_000_000);
        var id = requests.submit(move(FIRST, SECOND)).orElseThrow();
        town.store.commit(new Change.Cancel(id));
        procedures.close();
        try (var next = town.procedures()) {
            next.start();
            await().until(() -> done(id));
        }
        assertThat(town.migrating(id).state())
                .isEqualTo(new RolledBack("cancelled", Ending.CANCELLED));
        assertThat(town.led().leader()).isEqualTo(FIRST);
    }

    @Test
    void unknownProcedureCannotBeCancelled() {
        assertThatThrownBy(() -> requests.cancel(town.id()))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PROCEDURE_NOT_FOUND));
    }

    @Test
    void finishedMigrationsAreRemembered() throws InterruptedException {
        var first = requests.submit(move(FIRST, SECOND)).orElseThrow();
        procedures.migrations().run(first);
        for (int i = 0; i < 20; i++) {
            var back = requests.submit(move(SECOND, FIRST)).orElseThrow();
            procedures.migrations().run(back);
            var forth = requests.submit(move(FIRST, SECOND)).orElseThrow();
            procedures.migrations().run(forth);
        }
        boolean known = town.store.read(catalog -> catalog.procedure(first).isPresent());
        assertThat(known).isTrue();
    }
}
