package terrane.metasrv.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.RegionId;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Change;
import terrane.metasrv.client.PoisonList;
import terrane.metasrv.node.FlushedOffsets;
import terrane.metasrv.node.RegionNews;
import terrane.metasrv.node.StoppedCopies;
import terrane.metasrv.procedure.Procedures;
import terrane.metasrv.procedure.Town;
import terrane.wire.metasrv.NodeRequest.Flushed;
import terrane.wire.metasrv.NodeRequest.Unreadable;
import terrane.wire.metasrv.PoisonReport;

import java.util.List;

/// What an operator is shown of records that cannot be read: regions that wait, copies that have
/// stopped while somebody else leads, and what was given up.
class QuarantineTest {
    private static final WalPartition WAL = new WalPartition("wal", 0);
    private static final WalOffset POISON = new WalOffset(107);
    private static final Unreadable AT = new Unreadable(Town.REGION, WAL, POISON, true, "too new");

    private Town town;
    private Procedures procedures;
    private RegionNews news;
    private PoisonList poisons;

    @BeforeEach
    void found() throws InterruptedException {
        town = Town.founded();
        procedures = town.procedures();
        procedures.start();
        news = new RegionNews(new FlushedOffsets(town.store, town.clock), new StoppedCopies());
        poisons = new PoisonList(town.store, news, town.requests(procedures));
    }

    @AfterEach
    void close() {
        procedures.close();
    }

    private String shown() {
        return Json.write(Json.quarantine(poisons.all(), poisons.givenUp()));
    }

    private void flushed(long offset, WalOffset... skipped) {
        var said = new Flushed(Town.REGION, new WalOffset(offset), 0, 0, List.of(skipped));
        news.flushed().add(List.of(said));
        town.store.commit(
                new Change.CommitFlushed(
                        List.of(new Change.FlushedTo(Town.REGION, new WalOffset(offset)))));
    }

    @Test
    void nothingIsShownWhereEverythingCanBeRead() {
        assertThat(shown()).isEqualTo("{\"quarantine\":[],\"given_up\":[]}");
    }

    @Test
    void aCopyThatHasStoppedIsShownUntilItsNodeSaysOtherwise() {
        news.stopped().add(Town.SECOND, List.of(AT));
        assertThat(shown())
                .isEqualTo(
                        "{\"quarantine\":[{\"region_id\":4398046511104,"
                                + "\"status\":\"STALLED\",\"partition\":\"wal-0\","
                                + "\"offset\":107,\"may_be_skipped\":false,\"peer_id\":2,"
                                + "\"reason\":\"too new\"}],\"given_up\":[]}");
        news.stopped().add(Town.SECOND, List.of());
        assertThat(poisons.all()).isEmpty();
    }

    @Test
    void aCopyIsNotShownForARecordThatNobodyWillReadAgain() {
        var gone =
                new Unreadable(new RegionId(7), WAL, POISON, true, "of a table that was dropped");
        news.stopped().add(Town.SECOND, List.of(AT, gone));
        flushed(107);
        assertThat(poisons.all()).extracting(PoisonReport::region).containsExactly(Town.REGION);
        flushed(108);
        assertThat(poisons.all()).isEmpty();
    }

    @Test
    void aCopyIsNotShownForARecordThatWasGivenUp() {
        news.stopped().add(Town.SECOND, List.of(AT));
        flushed(90, new WalOffset(55), POISON);
        assertThat(shown())
                .isEqualTo(
                        "{\"quarantine\":[],\"given_up\":[{\"region_id\":4398046511104,"
                                + "\"offsets\":[55,107]}]}");
    }

    @Test
    void aRegionThatWaitsIsShownOnceAndSaysHowToGoOn() {
        town.nodes.poison(POISON, true);
        news.stopped().add(Town.SECOND, List.of(AT));
        town.nodes.kill(Town.FIRST);
        await().until(() -> !poisons.waiting().isEmpty());
        assertThat(poisons.all())
                .singleElement()
                .satisfies(poison -> {
                    assertThat(poison.waits()).isTrue();
                    assertThat(poison.refusal())
                            .contains("terrane region skip 4398046511104 107", "offset=107");
                });
        assertThat(shown()).contains("\"QUARANTINED\"", "\"may_be_skipped\":true");
    }

    @Test
    void aRecordThatMayNotBeSkippedIsNotSaidToBe() {
        var fence = new PoisonReport(Town.REGION, WAL, POISON, false, Town.FIRST.peer(), true, "");
        assertThat(fence.refusal())
                .contains("it may not be skipped")
                .doesNotContain("terrane region skip");
    }
}
