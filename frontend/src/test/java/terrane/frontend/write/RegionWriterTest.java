package terrane.frontend.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Incarnation;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatchBuilder;
import terrane.core.time.SystemClock;
import terrane.frontend.FakeCluster;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.MetasrvClient;
import terrane.wire.datanode.DataRequest.Write;
import terrane.wire.datanode.DataRequest.Written;
import terrane.wire.metasrv.PoisonReport;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Lets datanodes answer a write in every way there is, and shows what becomes of the rows: once in
/// the log, or an error that says where they are.
class RegionWriterTest {
    private static final TableSchema SCHEMA =
            new TableSchema(
                    1,
                    List.of(
                            new Column(1, "host", ColumnType.STRING, Semantic.TAG, true),
                            new Column(
                                    2,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Semantic.TIMESTAMP,
                                    false)),
                    MergeMode.LAST_ROW);

    private static final PartitionRule HALVES =
            new PartitionRule(
                    List.of("host"),
                    List.of(
                            new Comparison("host", Operator.LT, new Literal.Text("m")),
                            new Comparison("host", Operator.GT_EQ, new Literal.Text("m"))));

    private final SystemClock clock = new SystemClock();
    private final FakeCluster cluster = new FakeCluster();
    private final WriteMeters meters = new WriteMeters(new SimpleMeterRegistry());
    private final WriteKeys keys = new WriteKeys(new Incarnation(9, 9));
    private MetasrvClient metasrv;
    private CatalogCache cache;
    private GapReporter reporter;
    private Table table;
    private RegionId first;
    private RegionId second;

    @BeforeEach
    void start() throws InterruptedException {
        table = cluster.create("cpu", SCHEMA, HALVES);
        first = table.id().region(0);
        second = table.id().region(1);
        metasrv = new MetasrvClient(List.of(FakeCluster.METASRV), cluster, clock);
        cache = new CatalogCache(metasrv, clock);
        reporter = new GapReporter(metasrv, meters);
        assertThat(cache.awaitLoaded(Duration.ofSeconds(10))).isTrue();
    }

    @AfterEach
    void stop() {
        cache.close();
        reporter.close();
    }

    private RegionWriter writer(Duration deadline) {
        var limits = new WriteLimits(deadline, 1 << 20, 1 << 20);
        var budget = new ByteBudget("frontend", limits.heldBytesMax());
        return new RegionWriter(cache, cluster, clock, limits, budget, meters, reporter);
    }

    private List<TableRows> rows(String... hosts) {
        var builder = new RowBatchBuilder(1);
        var host = builder.column(1, ColumnType.STRING);
        var time = builder.column(2, ColumnType.TIMESTAMP_MILLISECOND);
        for (var name : hosts) {
            builder.addRow();
            host.put(name);
            time.put(7);
        }
        return List.of(new TableRows(table, List.of(builder.build())));
    }

    private long write(String... hosts) throws InterruptedException {
        return writer(Duration.ofSeconds(10)).write(rows(hosts), keys.fresh()).rows();
    }

    private void oneKeyLanded(RegionId region) {
        assertThat(cluster.log(region)).hasSize(1);
        assertThat(cluster.attempts())
                .extracting(Write::key)
                .containsOnly(cluster.log(region).getFirst().request().key());
    }

    @Test
    void rowsGoToTheirRegions() throws InterruptedException {
        assertThat(write("a", "z", "b")).isEqualTo(3);
        assertThat(cluster.log(first).getFirst().rows().rowCount()).isEqualTo(2);
        assertThat(cluster.log(second).getFirst().rows().rowCount()).isEqualTo(1);
    }

    @Test
    void redirectIsFollowedAtOnceUnderTheSameKey() throws InterruptedException {
        cluster.lead(FakeCluster.hint(first, 2, 2), false);
        var answer = writer(Duration.ofSeconds(10)).write(rows("a"), keys.fresh());
        assertThat(answer.epochs()).isEqualTo(first + "=2");
        oneKeyLanded(first);
        assertThat(cluster.attempts())
                .extracting(Write::epoch)
                .containsExactly(new Epoch(1), new Epoch(2));
        assertThat(cluster.attempts())
                .extracting(Write::since)
                .containsOnly(Optional.of(new WalOffset(0)));
    }

    @Test
    void unknownOutcomeIsRepeatedUnderTheSameKey() throws InterruptedException {
        cluster.next(request -> {
            cluster.append(request);
            throw FakeCluster.lost();
        });
        cluster.next(_ -> {
            throw FakeCluster.lost();
        });
        assertThat(write("a")).isEqualTo(1);
        oneKeyLanded(first);
        assertThat(cluster.attempts()).hasSize(3);
    }

    @Test
    void nextLeaderIsFoundWhenThisOneIsGone() throws InterruptedException {
        cluster.next(_ -> {
            cluster.lead(FakeCluster.hint(first, 5, 3), true);
            throw FakeCluster.lost();
        });
        write("a");
        oneKeyLanded(first);
        assertThat(cluster.attempts().getLast().leader())
                .isEqualTo(FakeCluster.node(3).incarnation());
    }

    @Test
    void refusalForNowIsWaitedOut() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            cluster.next(_ -> {
                throw TerraneException.unavailable(ErrorCode.NOT_READY, "not yet");
            });
        }
        write("a");
        oneKeyLanded(first);
    }

    @Test
    void whatWasOnlyEverRefusedIsNotMadeUncertainByALastAttemptThatHasNoTime() {
        var again = Duration.ofMillis(770);
        cluster.next(_ -> {
            throw new Unavailable(ErrorCode.OVERLOADED, "memory is full", again, null);
        });
        cluster.next(_ -> {
            throw FakeCluster.lost();
        });
        var writer = writer(Duration.ofMillis(800));
        assertThatThrownBy(() -> writer.write(rows("a"), keys.fresh()))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("memory is full")
                .hasMessageContaining("nothing was written");
        assertThat(cluster.attempts()).hasSize(1);
    }

    @Test
    void wrongHintsDoNotMakeAStorm() {
        for (int i = 0; i < 10_000; i++) {
            cluster.next(request -> {
                throw FakeCluster.elsewhere(
                        FakeCluster.hint(first, request.epoch().value() + 1, 2));
            });
        }
        var writer = writer(Duration.ofMillis(500));
        assertThatThrownBy(() -> writer.write(rows("a"), keys.fresh()))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("nothing was written");
        assertThat(cluster.attempts())
                .hasSizeBetween(PartSender.REDIRECTS_MAX, PartSender.REDIRECTS_MAX + 20);
    }

    @Test
    void refusalOfARegionThatWaitsAtARecordSaysWhichAndWhatToDo() throws InterruptedException {
        cluster.quarantine(
                new PoisonReport(
                        first,
                        new WalPartition("wal-0", 0),
                        new WalOffset(107),
                        true,
                        new PeerId(1),
                        true,
                        "too new"));
        cache.refresh(Duration.ofSeconds(10));
        var writer = writer(Duration.ofMillis(100));
        assertThatThrownBy(() -> writer.write(rows("a"), keys.fresh()))
                .hasMessageContaining("terrane region skip " + first + " 107")
                .hasMessageContaining("/admin/quarantine")
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMED_OUT));
        cluster.lead(FakeCluster.hint(first, 3, 2), true);
        assertThat(write("a")).isOne();
    }

    @Test
    void deadlineAfterUnknownOutcomeSaysThatItIsUnknown() {
        for (int i = 0; i < 1_000; i++) {
            cluster.next(_ -> {
                throw FakeCluster.lost();
            });
        }
        var writer = writer(Duration.ofMillis(300));
        assertThatThrownBy(() -> writer.write(rows("a"), keys.fresh()))
                .isInstanceOfSatisfying(
                        Uncertain.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN))
                .hasMessageContaining("unknown: 1 rows of table 'cpu' in region " + first)
                .hasMessageContaining("same Idempotency-Key")
                .message()
                .containsOnlyOnce("whether it was written");
    }

    @Test
    void partialSuccessNamesWhatWasWritten() {
        for (int i = 0; i < 2; i++) {
            cluster.next(request -> {
                if (request.region().equals(second)) {
                    throw TerraneException.rejected(ErrorCode.TYPE_MISMATCH, "no");
                }
                return cluster.append(request);
            });
        }
        assertThatThrownBy(() -> write("a", "z"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTLY_WRITTEN))
                .hasMessageContaining("; written: 1 rows of table 'cpu' in region " + first)
                .hasMessageContaining("not written: 1 rows of table 'cpu' in region " + second);
    }

    @Test
    void refusalAfterAnAttemptThatMayBeWrittenIsNoRefusal() {
        cluster.next(_ -> {
            throw TerraneException.uncertain(ErrorCode.OUTCOME_UNKNOWN, "lost");
        });
        cluster.next(_ -> {
            throw TerraneException.rejected(ErrorCode.TYPE_MISMATCH, "no");
        });
        assertThatThrownBy(() -> write("a")).isInstanceOf(Uncertain.class);
    }

    @Test
    void clientsOwnKeyIsTheSameOnEveryFrontend() throws InterruptedException {
        var own = WriteKeys.ofClient("batch 17", 0);
        writer(Duration.ofSeconds(5)).write(rows("a", "z"), own);
        writer(Duration.ofSeconds(5)).write(rows("a", "z"), WriteKeys.ofClient("batch 17", 0));
        assertThat(cluster.log(first)).hasSize(1);
        assertThat(cluster.log(second)).hasSize(1);
        assertThat(cluster.attempts()).extracting(Write::since).containsOnly(Optional.empty());
        assertThat(WriteKeys.ofClient("batch 17", 1)).isNotEqualTo(own);
        assertThat(WriteKeys.ofClient("batch 18", 0)).isNotEqualTo(own);
    }

    @Test
    void offsetThatIsTooOldIsAskedForAgain() throws InterruptedException {
        cluster.next(_ -> {
            throw TerraneException.rejected(ErrorCode.KEY_FORGOTTEN, "too old");
        });
        write("a");
        oneKeyLanded(first);
    }

    @Test
    void forgottenKeyAfterUnknownOutcomeIsNeverWrittenAgain() {
        cluster.next(_ -> {
            throw FakeCluster.lost();
        });
        cluster.next(_ -> {
            throw TerraneException.rejected(ErrorCode.KEY_FORGOTTEN, "too old");
        });
        assertThatThrownBy(() -> write("a"))
                .isInstanceOf(Uncertain.class)
                .hasMessageContaining("an earlier attempt may be written: too old");
        assertThat(cluster.attempts()).hasSize(2);
    }

    @Test
    void successorInAnAcknowledgementIsLearnt() throws InterruptedException {
        cluster.next(request -> {
            var written = cluster.append(request);
            var successor = FakeCluster.hint(first, 2, 2);
            cluster.lead(successor, false);
            return new Written(written.offset(), written.end(), Optional.of(successor));
        });
        write("a");
        write("b");
        assertThat(cluster.attempts()).hasSize(2);
        assertThat(cluster.attempts().getLast().epoch()).isEqualTo(new Epoch(2));
    }

    @Test
    void moreThanMayBeHeldIsRefused() {
        var limits = new WriteLimits(Duration.ofSeconds(5), 100, 100);
        var budget = new ByteBudget("frontend", limits.heldBytesMax());
        var writer = new RegionWriter(cache, cluster, clock, limits, budget, meters, reporter);
        try (var _ = budget.hold(90)) {
            assertThatThrownBy(() -> writer.write(rows("a"), keys.fresh()))
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        }
        assertThat(budget.heldBytes()).isZero();
        assertThat(cluster.attempts()).isEmpty();
    }

    @Test
    void writeGapIsReported() throws InterruptedException {
        var writer = writer(Duration.ofSeconds(10));
        writer.write(rows("a"), keys.fresh());
        cluster.lead(FakeCluster.hint(first, 2, 2), false);
        writer.write(rows("a"), keys.fresh());
        await().untilAsserted(() -> assertThat(cluster.gaps()).hasSize(1));
        var gap = cluster.gaps().getFirst();
        assertThat(gap.region()).isEqualTo(first);
        assertThat(gap.epoch()).isEqualTo(new Epoch(2));
        assertThat(gap.writes()).isEqualTo(1);
        assertThat(gap.gap()).isPositive();
    }
}
