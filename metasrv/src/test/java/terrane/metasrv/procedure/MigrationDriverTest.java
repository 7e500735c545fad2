package terrane.metasrv.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static terrane.metasrv.procedure.Town.FIRST;
import static terrane.metasrv.procedure.Town.REGION;
import static terrane.metasrv.procedure.Town.SECOND;
import static terrane.metasrv.procedure.Town.THIRD;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Incarnation;
import terrane.core.Node;
import terrane.core.ProcedureId;
import terrane.core.catalog.Change;
import terrane.core.catalog.Stage;
import terrane.core.migration.MigrationState;
import terrane.core.migration.MigrationState.Completed;
import terrane.core.migration.MigrationState.Ending;
import terrane.core.migration.MigrationState.Finished;
import terrane.core.migration.MigrationState.RolledBack;
import terrane.core.migration.Plan;
import terrane.core.migration.Plan.Limits;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One migration at a time against datanodes that keep to the protocol and note every breach: as it
/// should go, and with each thing that can go wrong.
class MigrationDriverTest {
    private static final Limits DRY_RUN = new Limits(Duration.ofMinutes(1), Optional.empty(), true);

    private Town town;

    @BeforeEach
    void found() throws InterruptedException {
        town = Town.founded();
    }

    private Finished run(ProcedureId id) throws InterruptedException {
        return town.procedures().migrations().run(id);
    }

    private Finished migrate(Limits limits) throws InterruptedException {
        return run(town.submit(FIRST, SECOND, limits));
    }

    private void assertLeads(Node node) {
        assertThat(town.led().leader()).isEqualTo(node);
        assertThat(town.settled()).as("breaches %s", town.nodes.breaches()).isTrue();
    }

    @Test
    void targetLeadsUnderTheNextEpoch() throws InterruptedException {
        var before = town.epoch();
        assertThat(migrate(Limits.DEFAULT)).isEqualTo(new Completed());
        assertLeads(SECOND);
        assertThat(town.epoch()).isEqualTo(before.next());
    }

    @Test
    void resultSaysStagesGapAndCertificate() throws InterruptedException {
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        run(id);
        var migrating = town.migrating(id);
        assertThat(migrating.stages())
                .extracting(Stage::name)
                .containsExactly("Opening", "CatchingUp", "HandingOver", "Completed");
        assertThat(migrating.measured().predictedGap()).contains(Duration.ofMillis(3));
        var certificate = migrating.measured().certificate().orElseThrow();
        assertThat(certificate.agreed()).contains(true);
        assertThat(certificate.source()).contains(certificate.target());
        assertThat(ProcedureReports.of(migrating).status()).isEqualTo("Done");
    }

    @Test
    void everythingIsTidiedUp() throws InterruptedException {
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        run(id);
        assertThat(town.nodes.wasGiven(SECOND, Order.Thaw.class)).isTrue();
        assertThat(town.nodes.wasGiven(FIRST, Order.Close.class)).isTrue();
        assertThat(town.nodes.wasGiven(SECOND, Order.Close.class)).isFalse();
        assertThat(town.store.<Boolean>read(catalog -> catalog.pinned(id))).isFalse();
    }

    @Test
    void regionsMoveToAndFroForEver() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            run(town.submit(FIRST, SECOND, Limits.DEFAULT));
            run(town.submit(SECOND, FIRST, Limits.DEFAULT));
        }
        assertLeads(FIRST);
        assertThat(town.epoch().value()).isEqualTo(21);
    }

    @Test
    void dryRunLeavesTheSourceLeading() throws InterruptedException {
        var before = town.epoch();
        assertThat(migrate(DRY_RUN)).isEqualTo(new RolledBack("dry run", Ending.DRY_RUN));
        assertLeads(FIRST);
        assertThat(town.epoch()).isEqualTo(before);
        assertThat(town.nodes.wasGiven(SECOND, Order.Close.class)).isTrue();
        assertThat(town.nodes.wasGiven(FIRST, Order.HandOver.class)).isFalse();
    }

    @Test
    void predictedGapAboveTheLimitRollsBack() throws InterruptedException {
        town.nodes.appendLatency(Duration.ofMillis(40));
        var limits = new Limits(Duration.ofMinutes(1), Optional.of(Duration.ofMillis(50)), false);
        var ended = (RolledBack) migrate(limits);
        assertThat(ended.reason()).contains("predicted=81ms max_pause=50ms");
        assertLeads(FIRST);
        assertThat(town.nodes.wasGiven(FIRST, Order.Thaw.class)).isTrue();
    }

    @Test
    void targetThatNeverCatchesUpTimesOut() throws InterruptedException {
        town.nodes.lag(1_000_000);
        var limits = new Limits(Duration.ofMillis(300), Optional.empty(), false);
        var ended = (RolledBack) migrate(limits);
        assertThat(ended.reason()).contains("replay_timeout=300ms");
        assertLeads(FIRST);
    }

    /// Another metasrv was asked, whose wall clock says something else.
    @Test
    void timeAtWhichAnotherWasAskedDoesNotCount() throws InterruptedException {
        var source = Optional.of(FIRST.peer());
        var plan =
                new Plan(
                        Town.REGION,
                        Plan.Cause.ORDERED,
                        source,
                        SECOND.peer(),
                        Limits.DEFAULT,
                        Instant.EPOCH);
        var id = town.id();
        town.store.commit(
                new Change.SubmitMigration(
                        id, plan, new MigrationState.Opening(), Optional.empty()));
        assertThat(run(id)).isEqualTo(new Completed());
        assertLeads(SECOND);
    }

    @Test
    void targetThatCannotOpenTheRegionRollsBack() throws InterruptedException {
        town.nodes.refuse(Order.OpenFollower.class, SECOND);
        assertThat(((RolledBack) migrate(Limits.DEFAULT)).reason()).contains("cannot open");
        assertLeads(FIRST);
    }

    @Test
    void targetThatDiesWhileOpeningRollsBack() throws InterruptedException {
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        town.nodes.kill(SECOND);
        assertThat(run(id)).isInstanceOf(RolledBack.class);
        assertLeads(FIRST);
    }

    @Test
    void sourceThatDiesIsReclaimedByTheTarget() throws InterruptedException {
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        town.nodes.kill(FIRST);
        assertThat(run(id)).isEqualTo(new Completed());
        assertLeads(SECOND);
        assertThat(town.migrating(id).stages())
                .extracting(Stage::name)
                .endsWith("Reclaiming", "Completed");
    }

    @Test
    void sourceThatRefusesToHandOverIsReclaimed() throws InterruptedException {
        town.nodes.refuse(Order.HandOver.class, FIRST);
        assertThat(migrate(Limits.DEFAULT)).isEqualTo(new Completed());
        assertLeads(SECOND);
        assertThat(town.epoch().value()).isEqualTo(3);
    }

    @Test
    void lostAnswerOfTheSourceDoesNotMatterOnceTheTargetLeads() throws InterruptedException {
        town.nodes.loseAnswer(Order.HandOver.class, FIRST);
        assertThat(migrate(Limits.DEFAULT)).isEqualTo(new Completed());
        assertLeads(SECOND);
        assertThat(town.epoch().value()).isEqualTo(2);
    }

    @Test
    void targetWithoutALeaseIsNotHandedTheRegion() throws InterruptedException {
        town.nodes.refuse(Order.PrepareToLead.class, SECOND);
        migrate(Limits.DEFAULT);
        assertThat(town.nodes.wasGiven(FIRST, Order.HandOver.class)).isFalse();
        assertThat(town.settled()).isTrue();
    }

    @Test
    void targetThatCannotClaimIsReplaced() throws InterruptedException {
        town.nodes.refuse(Order.Claim.class, SECOND);
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        town.nodes.kill(FIRST);
        assertThat(run(id)).isInstanceOf(RolledBack.class);
        assertLeads(THIRD);
        assertThat(town.migrating(id).measured().certificate().orElseThrow().agreed()).isEmpty();
    }

    @Test
    void sourceThatRestartsIsSomebodyElse() throws InterruptedException {
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        var again = new Node(FIRST.peer(), new Incarnation(9, 9));
        town.nodes.kill(FIRST);
        town.register(again, Optional.of(FIRST));
        run(id);
        assertThat(town.led().leader()).isNotEqualTo(FIRST);
        assertThat(town.settled()).isTrue();
    }

    @Test
    void deposedLeaderStopsAtOnce() throws InterruptedException {
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        town.store.leads(false);
        assertThatThrownBy(() -> run(id))
                .isInstanceOf(terrane.core.TerraneException.NotLeader.class);
        town.store.leads(true);
        assertThat(run(id)).isEqualTo(new Completed());
    }

    @Test
    void finishedMigrationAnswersTheSameAgain() throws InterruptedException {
        var id = town.submit(FIRST, SECOND, Limits.DEFAULT);
        assertThat(run(id)).isEqualTo(run(id));
        assertThat(town.nodes.leader(REGION)).isPresent();
    }
}
