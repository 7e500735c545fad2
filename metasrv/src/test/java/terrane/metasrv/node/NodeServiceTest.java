package terrane.metasrv.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static terrane.metasrv.node.NodeTown.ALICE;
import static terrane.metasrv.node.NodeTown.BOB;
import static terrane.metasrv.node.NodeTown.REGION;
import static terrane.metasrv.node.NodeTown.TERMS;
import static terrane.metasrv.node.NodeTown.lease;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.PeerId;
import terrane.core.ProcedureId;
import terrane.core.TerraneException;
import terrane.core.catalog.Change;
import terrane.core.migration.MigrationState.CatchingUp;
import terrane.core.migration.MigrationState.HandingOver;
import terrane.core.migration.MigrationState.Opening;
import terrane.core.migration.MigrationState.Reclaiming;
import terrane.core.migration.Plan;
import terrane.wire.metasrv.NodeRequest;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Heartbeats one by one, on a clock that is moved by hand: who is granted what, and when.
class NodeServiceTest {
    private static final ProcedureId MOVE = new ProcedureId(new UUID(0, 9));
    private final NodeTown town;

    NodeServiceTest() throws InterruptedException {
        town = new NodeTown();
    }

    private void submit() {
        var plan =
                new Plan(
                        REGION,
                        Plan.Cause.ORDERED,
                        Optional.of(ALICE.peer()),
                        BOB.peer(),
                        Plan.Limits.DEFAULT,
                        town.clock.now());
        town.commit(new Change.SubmitMigration(MOVE, plan, new Opening(), Optional.empty()));
        town.save(MOVE, 1, new CatchingUp());
    }

    @Test
    void leaderIsRenewedAndNobodyElse() throws Exception {
        assertThat(town.beat(ALICE, 1, lease(1)).refused()).isEmpty();
        assertThat(town.beat(BOB, 1, lease(1)).refused()).containsExactly(lease(1));
        assertThat(town.beat(ALICE, 2, lease(2)).refused()).containsExactly(lease(2));
    }

    @Test
    void everyGrantRestsOnAQuorumRoundOfItsOwn() throws Exception {
        long before = rounds();
        town.beat(ALICE, 1, lease(1));
        assertThat(rounds()).isEqualTo(before + 1);
        town.store.leads(false);
        assertThatThrownBy(() -> town.beat(ALICE, 2, lease(1)))
                .isInstanceOf(TerraneException.NotLeader.class);
    }

    private long rounds() {
        return town.store.changes().stream().filter(Change.Noop.class::isInstance).count();
    }

    @Test
    void onceHandingOverIsCommittedOnlyTheTargetIsGranted() throws Exception {
        submit();
        town.beat(ALICE, 1, lease(1));
        town.save(MOVE, 2, new HandingOver(ALICE, BOB, new Epoch(2)));
        assertThat(town.beat(ALICE, 2, lease(1)).refused()).containsExactly(lease(1));
        assertThat(town.beat(BOB, 1, lease(2)).refused()).isEmpty();
    }

    @Test
    void claimantWaitsForEveryLowerLeaseAlsoTheConditionalOne() throws Exception {
        submit();
        town.beat(ALICE, 1, lease(1));
        town.save(MOVE, 2, new HandingOver(ALICE, BOB, new Epoch(2)));
        town.clock.pass(Duration.ofSeconds(1));
        town.beat(BOB, 1, lease(2));
        town.save(MOVE, 3, new Reclaiming(ALICE, new Epoch(3)));
        town.clock.pass(TERMS.honoured().minusSeconds(1));
        assertThat(town.beat(ALICE, 2, lease(3)).refused())
                .as("the target's conditional lease may still be held")
                .containsExactly(lease(3));
        town.clock.pass(Duration.ofSeconds(1));
        assertThat(town.beat(ALICE, 3, lease(3)).refused()).isEmpty();
    }

    @Test
    void finalWordSparesTheWait() throws Exception {
        submit();
        town.beat(ALICE, 1, lease(1));
        town.save(MOVE, 2, new Reclaiming(BOB, new Epoch(2)));
        assertThat(town.beat(BOB, 1, lease(2)).refused()).containsExactly(lease(2));
        town.beat(ALICE, 2, 0, 2, List.of(), List.of(lease(1)));
        assertThat(town.beat(BOB, 2, lease(2)).refused()).isEmpty();
    }

    @Test
    void unknownSetIsNotRenewed() throws Exception {
        town.beat(ALICE, 1, lease(1));
        assertThat(town.beat(ALICE, 2, 1, 1, List.of(), List.of()).matched()).isTrue();
        var lost = town.beat(ALICE, 3, 7, 8, List.of(), List.of());
        assertThat(lost.matched()).isFalse();
        assertThat(town.beat(ALICE, 2, lease(1)).matched()).as("an old heartbeat").isFalse();
    }

    @Test
    void unmatchedHeartbeatProlongsNothing() throws Exception {
        town.beat(ALICE, 1, lease(1));
        town.clock.pass(Duration.ofSeconds(2));
        town.beat(ALICE, 2, 7, 8, List.of(), List.of());
        town.clock.pass(TERMS.honoured().minusSeconds(2));
        assertThat(town.ledger.lapsed(REGION, new Epoch(2), town.clock.nanos())).isTrue();
    }

    @Test
    void successorOfAPeerIdWaitsForItsLeasesAndTheFirstIsRefusedFromThenOn() throws Exception {
        town.beat(ALICE, 1, lease(1));
        long asked = town.clock.nanos();
        var restarted = NodeTown.node(0, 50);
        town.register(restarted);
        assertThat(town.clock.nanos() - asked).isGreaterThanOrEqualTo(TERMS.honoured().toNanos());
        assertThatThrownBy(() -> town.beat(ALICE, 2, lease(1)))
                .isInstanceOf(TerraneException.Unavailable.class);
        assertThatThrownBy(() -> town.register(ALICE))
                .isInstanceOf(TerraneException.Rejected.class);
        assertThat(town.told).contains("left " + ALICE, "arrived " + restarted);
    }

    @Test
    void nodeThatLeftIsReplacedAtOnceAndItsEpochsAreFinal() throws Exception {
        town.beat(ALICE, 1, lease(1));
        town.registry.leave(new NodeRequest.Leave(ALICE));
        long asked = town.clock.nanos();
        town.register(NodeTown.node(0, 50));
        assertThat(town.clock.nanos()).isEqualTo(asked);
        assertThat(town.ledger.lapsed(REGION, new Epoch(2), asked)).isTrue();
    }

    @Test
    void givenUpEpochIsFinalAndReported() throws Exception {
        town.beat(ALICE, 1, lease(1));
        town.registry.giveUp(new NodeRequest.GiveUp(ALICE, REGION, new Epoch(1), "append"));
        assertThat(town.beat(ALICE, 2, lease(1)).refused()).containsExactly(lease(1));
        assertThat(town.told).contains("gave up " + ALICE + " 1");
    }

    @Test
    void silentNodeIsNotAlive() throws Exception {
        town.clock.pass(TERMS.duration());
        assertThat(town.registry.alive(ALICE)).isFalse();
        town.beat(ALICE, 1);
        assertThat(town.registry.alive(ALICE)).isTrue();
        town.clock.pass(TERMS.duration());
        assertThat(town.registry.alive(ALICE)).isFalse();
        assertThat(town.registry.alive(NodeTown.node(0, 50))).isFalse();
        assertThat(town.registry.seen(new PeerId(77))).isEmpty();
    }
}
