package terrane.frontend.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.LeaderHint;
import terrane.core.RegionId;
import terrane.core.TableId;
import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Route;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.frontend.FakeCluster;
import terrane.wire.metasrv.ClientRequest.CatalogChanges;
import terrane.wire.metasrv.ClientRequest.TableDescription;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Plays what a cache may hear in every order: the result is the same, and never goes back.
class CatalogViewTest {
    private static final TableId TABLE = TableId.FIRST;
    private static final RegionId REGION = TABLE.region(0);

    private static CatalogChanges load(long version, long epoch, long peer) {
        var leader =
                peer == 0
                        ? Optional.<Route.Leader>empty()
                        : Optional.of(
                                new Route.Leader(
                                        FakeCluster.node(peer), FakeCluster.address(peer)));
        var route = new Route.RegionRoute(REGION, new Epoch(epoch), leader, false);
        var described =
                new TableDescription(
                        table(TABLE, "cpu", (int) version),
                        new Route(TABLE, version, List.of(route)));
        return new CatalogChanges(version, false, List.of(described), List.of(), List.of());
    }

    private static Table table(TableId id, String name, int schemaVersion) {
        var ts = new Column(1, "ts", ColumnType.TIMESTAMP_SECOND, Semantic.TIMESTAMP, false);
        return new Table(
                id,
                TableName.of(name),
                new TableSchema(schemaVersion, List.of(ts), MergeMode.LAST_ROW),
                PartitionRule.SINGLE,
                new TreeMap<>());
    }

    private static LeaderHint hint(long epoch, long peer) {
        return FakeCluster.hint(REGION, epoch, peer);
    }

    /// All orders of the elements.
    private static <T> void permute(List<T> done, List<T> left, Consumer<List<T>> each) {
        if (left.isEmpty()) {
            each.accept(done);
        }
        for (var next : left) {
            var more = new ArrayList<>(done);
            more.add(next);
            var less = new ArrayList<>(left);
            less.remove(next);
            permute(more, less, each);
        }
    }

    @Test
    void highestEpochHoldsInEveryOrder() {
        List<Object> words =
                List.of(load(2, 3, 1), load(3, 4, 0), load(4, 4, 2), hint(5, 3), hint(2, 2));
        permute(
                List.of(),
                words,
                order -> {
                    var view = new CatalogView();
                    view.merge(load(1, 1, 1));
                    var epoch = new Epoch(1);
                    for (var word : order) {
                        if (word instanceof CatalogChanges changes) {
                            view.merge(changes);
                        } else {
                            view.merge((LeaderHint) word);
                        }
                        var now = view.leader(REGION).orElseThrow().epoch();
                        assertThat(now).as("%s", order).isGreaterThanOrEqualTo(epoch);
                        epoch = now;
                    }
                    var last = view.leader(REGION).orElseThrow();
                    assertThat(last).isEqualTo(RegionLeader.of(hint(5, 3)));
                    assertThat(view.version()).isEqualTo(4);
                    var schema = view.table(TABLE).orElseThrow().schema();
                    assertThat(schema.version()).isEqualTo(4);
                });
    }

    @Test
    void mergingLeadersIsOrderlessAndRepeatable() {
        var words = new ArrayList<RegionLeader>();
        for (long epoch = 1; epoch <= 3; epoch++) {
            var led = RegionLeader.of(hint(epoch, epoch));
            words.add(led);
            words.add(new RegionLeader(REGION, led.epoch(), Optional.empty(), false));
            words.add(new RegionLeader(REGION, led.epoch(), led.leader(), true));
        }
        for (var a : words) {
            assertThat(a.merge(a)).isEqualTo(a);
            for (var b : words) {
                assertThat(a.merge(b)).isEqualTo(b.merge(a));
                for (var c : words) {
                    assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
                }
            }
        }
    }

    @Test
    void staleLoadBringsNoDroppedTableBack() {
        var view = new CatalogView();
        view.merge(load(5, 1, 1));
        view.merge(new CatalogChanges(6, false, List.of(), List.of(TABLE), List.of()));
        assertThat(view.merge(load(4, 9, 2))).isFalse();
        assertThat(view.table(TABLE)).isEmpty();
        assertThat(view.leader(REGION)).isEmpty();
        assertThat(view.merge(hint(7, 2))).isFalse();
    }

    @Test
    void completeLoadForgetsEverythingElse() {
        var view = new CatalogView();
        view.merge(load(5, 1, 1));
        view.merge(new CatalogChanges(9, true, List.of(), List.of(), List.of()));
        assertThat(view.tables()).isEmpty();
        assertThat(view.regionCount()).isZero();
    }

    @Test
    void nameBelongsToTheNewerTable() {
        var view = new CatalogView();
        view.merge(load(1, 1, 1));
        var next = TABLE.next();
        var described = new TableDescription(table(next, "cpu", 1), new Route(next, 2, List.of()));
        view.merge(new CatalogChanges(2, false, List.of(described), List.of(TABLE), List.of()));
        assertThat(view.table(TableName.of("cpu")).orElseThrow().id()).isEqualTo(next);
    }
}
