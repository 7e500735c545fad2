package terrane.metasrv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.TableId;
import terrane.core.TerraneException;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.wire.metasrv.ClientRequest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/// Speaks to one real metasrv over real connections, as datanodes and frontends do.
class MetasrvServerIT {
    private static final TableName CPU = TableName.of("cpu");

    @TempDir Path directory;

    private static TableSchema schema() {
        return new TableSchema(
                1,
                List.of(
                        new Column(1, "host", ColumnType.STRING, Column.Semantic.TAG, false),
                        new Column(
                                2,
                                "ts",
                                ColumnType.TIMESTAMP_MILLISECOND,
                                Column.Semantic.TIMESTAMP,
                                false),
                        new Column(3, "usage", ColumnType.FLOAT64, Column.Semantic.FIELD, true)),
                MergeMode.LAST_ROW);
    }

    private static ClientRequest.CreateTable create(boolean ifNotExists) {
        var h = new Literal.Text("h");
        var halves =
                new PartitionRule(
                        List.of("host"),
                        List.of(
                                new Comparison("host", Operator.LT, h),
                                new Comparison("host", Operator.GT_EQ, h)));
        return new ClientRequest.CreateTable(CPU, schema(), halves, new TreeMap<>(), ifNotExists);
    }

    @Test
    void tableIsAnsweredWhenAllItsRegionsLeadAndIsSpreadOverTheNodes() throws Exception {
        try (var metasrv = new LoneMetasrv(directory);
                var first = metasrv.datanode(0, 10);
                var second = metasrv.datanode(1, 11)) {
            var made = metasrv.ask(create(false));
            assertThat(made.table().id()).isEqualTo(TableId.FIRST);
            assertThat(made.route().regions())
                    .allMatch(region -> region.epoch().equals(new Epoch(1)))
                    .extracting(region -> region.leader().orElseThrow().node())
                    .containsExactlyInAnyOrder(first.node(), second.node());
            assertThat(first.held()).hasSize(1);
            assertThat(metasrv.ask(create(true)).table()).isEqualTo(made.table());
            assertThatThrownBy(() -> metasrv.ask(create(false)))
                    .isInstanceOf(TerraneException.Rejected.class);
        }
    }

    @Test
    void watcherLearnsOfATableAndOfItsEnd() throws Exception {
        try (var metasrv = new LoneMetasrv(directory);
                var _ = metasrv.datanode(0, 10)) {
            var before = metasrv.ask(new ClientRequest.WatchCatalog(0, Duration.ZERO));
            assertThat(before.complete()).isTrue();
            metasrv.ask(create(false));
            var news =
                    metasrv.ask(
                            new ClientRequest.WatchCatalog(
                                    before.version(), Duration.ofSeconds(30)));
            assertThat(news.changed()).extracting(d -> d.table().name()).containsExactly(CPU);
            metasrv.ask(new ClientRequest.DropTable(CPU, false));
            var end =
                    metasrv.ask(
                            new ClientRequest.WatchCatalog(news.version(), Duration.ofSeconds(30)));
            assertThat(end.dropped()).containsExactly(TableId.FIRST);
        }
    }

    @Test
    void addedColumnReachesEveryRegionBeforeItIsAnswered() throws Exception {
        try (var metasrv = new LoneMetasrv(directory);
                var datanode = metasrv.datanode(0, 10)) {
            metasrv.ask(create(false));
            var column =
                    new ClientRequest.NewColumn("dc", ColumnType.STRING, Column.Semantic.FIELD);
            var request = new ClientRequest.AddColumns(CPU, List.of(column), true);
            var changed = metasrv.ask(request);
            assertThat(changed.table().schema().version()).isEqualTo(2);
            assertThat(changed.table().schema().column("dc")).isPresent();
            assertThat(datanode.altered()).hasSize(2);
            assertThat(metasrv.ask(request).table()).isEqualTo(changed.table());
        }
    }

    @Test
    void restartedDatanodeIsSomebodyElseAndGetsAFreshEpoch() throws Exception {
        try (var metasrv = new LoneMetasrv(directory)) {
            try (var _ = metasrv.datanode(0, 10)) {
                metasrv.ask(create(false));
            }
            try (var second = metasrv.datanode(0, 20)) {
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() ->
                                assertThat(second.held().values())
                                        .hasSize(2)
                                        .allMatch(epoch -> epoch.isAbove(new Epoch(1))));
            }
        }
    }

    @Test
    void replacedDatanodeMayNotComeBack() throws Exception {
        try (var metasrv = new LoneMetasrv(directory)) {
            metasrv.datanode(0, 10).close();
            try (var _ = metasrv.datanode(0, 20);
                    var first = metasrv.silent(0, 10)) {
                assertThatThrownBy(first::register)
                        .isInstanceOfSatisfying(
                                TerraneException.Rejected.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.PEER_UNFIT));
            }
        }
    }

    @Test
    void datanodeThatReadsAnotherStorageIsRefused() throws Exception {
        try (var metasrv = new LoneMetasrv(directory);
                var datanode = metasrv.silent(0, 10)) {
            datanode.register();
            assertThatThrownBy(() -> datanode.prove("something else"))
                    .isInstanceOf(TerraneException.Rejected.class);
            boolean fit = metasrv.server().store().read(catalog -> catalog.fit(datanode.node()));
            assertThat(fit).isFalse();
        }
    }

    @Test
    void tablesSurviveARestartAndTheirLeadersKeepTheirEpochs() throws Exception {
        try (var metasrv = new LoneMetasrv(directory)) {
            try (var _ = metasrv.datanode(0, 10)) {
                metasrv.ask(create(false));
            }
            metasrv.restart();
            try (var again = metasrv.datanode(0, 10)) {
                assertThat(again.beat().matched()).isTrue();
                var catalog = metasrv.ask(new ClientRequest.WatchCatalog(0, Duration.ZERO));
                assertThat(catalog.changed()).hasSize(1);
            }
        }
    }
}
