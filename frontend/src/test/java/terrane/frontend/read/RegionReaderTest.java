package terrane.frontend.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.PeerId;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.WalOffset;
import terrane.core.WalPartition;
import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr.And;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableSchema;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.core.time.SystemClock;
import terrane.frontend.FakeCluster;
import terrane.frontend.route.CatalogCache;
import terrane.frontend.route.MetasrvClient;
import terrane.frontend.route.Partitions;
import terrane.wire.datanode.DataRequest.Scan;
import terrane.wire.datanode.DataRequest.ScanChunk;
import terrane.wire.metasrv.PoisonReport;
import terrane.wire.rpc.ReplyStream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Shows that a scan follows leaders until it has begun, fails when it is lost afterwards, and asks
/// only regions that can matter.
class RegionReaderTest {
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

    private static final PartitionRule THIRDS =
            new PartitionRule(
                    List.of("host"),
                    List.of(
                            new Comparison("host", Operator.LT, new Literal.Text("h")),
                            new And(
                                    new Comparison("host", Operator.GT_EQ, new Literal.Text("h")),
                                    new Comparison("host", Operator.LT, new Literal.Text("q"))),
                            new Comparison("host", Operator.GT_EQ, new Literal.Text("q"))));

    private final SystemClock clock = new SystemClock();
    private final FakeCluster cluster = new FakeCluster();
    private CatalogCache cache;
    private RegionReader reader;
    private Table table;

    @BeforeEach
    void start() throws InterruptedException {
        table = cluster.create("cpu", SCHEMA, THIRDS);
        cache =
                new CatalogCache(
                        new MetasrvClient(List.of(FakeCluster.METASRV), cluster, clock), clock);
        reader = new RegionReader(cache, cluster, clock, Duration.ofSeconds(5));
        assertThat(cache.awaitLoaded(Duration.ofSeconds(10))).isTrue();
    }

    @AfterEach
    void stop() {
        cache.close();
    }

    @Test
    void refusalOfARegionThatWaitsAtARecordSaysWhichAndWhatToDo() throws InterruptedException {
        var region = table.id().region(0);
        cluster.quarantine(
                new PoisonReport(
                        region,
                        new WalPartition("wal-0", 0),
                        new WalOffset(107),
                        true,
                        new PeerId(1),
                        true,
                        "too new"));
        cache.refresh(Duration.ofSeconds(10));
        var impatient = new RegionReader(cache, cluster, clock, Duration.ofMillis(100));
        try (var scan = impatient.scan(table, where(host("a")))) {
            assertThatThrownBy(scan::next)
                    .hasMessageContaining("terrane region skip " + region + " 107");
        }
    }

    /// Parts of so many rows each, then the end, or an error in its place.
    private static Function<Scan, ReplyStream<ScanChunk>> parts(
            Optional<RuntimeException> error, long... rows) {
        return _ -> new FakeStream(error, Arrays.stream(rows).boxed().toList());
    }

    private static Function<Scan, ReplyStream<ScanChunk>> parts(long... rows) {
        return parts(Optional.empty(), rows);
    }

    private static final class FakeStream implements ReplyStream<ScanChunk> {
        private final Iterator<Long> rows;
        private final Optional<RuntimeException> error;

        FakeStream(Optional<RuntimeException> error, List<Long> rows) {
            this.rows = rows.iterator();
            this.error = error;
        }

        @Override
        public Optional<ScanChunk> next() {
            if (rows.hasNext()) {
                return Optional.of(new ScanChunk(rows.next(), new byte[0]));
            }
            error.ifPresent(e -> {
                throw e;
            });
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    private static ScanSpec where(Predicate... predicates) {
        return new ScanSpec(List.of(), TimeRange.ALL, List.of(predicates), ScanSpec.NO_LIMIT);
    }

    private static Predicate host(String... names) {
        return new Predicate.In(1, Arrays.stream(names).<Literal>map(Literal.Text::new).toList());
    }

    private List<Long> read(ScanSpec spec) throws InterruptedException {
        var counts = new ArrayList<Long>();
        try (var stream = reader.scan(table, spec)) {
            var part = stream.next();
            while (part.isPresent()) {
                counts.add(part.get().rowCount());
                part = stream.next();
            }
        }
        return counts;
    }

    @Test
    void allRegionsAreReadToTheirEnd() throws InterruptedException {
        cluster.nextScan(parts(1, 2));
        cluster.nextScan(parts(4));
        cluster.nextScan(parts());
        assertThat(read(where())).containsExactlyInAnyOrder(1L, 2L, 4L);
        assertThat(cluster.scans()).extracting(Scan::region).containsAll(table.regions());
    }

    @Test
    void scanFollowsTheLeaderBeforeItBegins() throws InterruptedException {
        var region = table.id().region(0);
        cluster.nextScan(parts(Optional.of(FakeCluster.elsewhere(FakeCluster.hint(region, 2, 2)))));
        cluster.nextScan(parts(Optional.of(FakeCluster.lost())));
        cluster.nextScan(parts(7));
        assertThat(read(where(host("a")))).containsExactly(7L);
        assertThat(cluster.scans())
                .extracting(Scan::epoch)
                .containsExactly(new Epoch(1), new Epoch(2), new Epoch(2));
    }

    @Test
    void scanThatIsLostInTheMiddleFails() {
        cluster.nextScan(parts(Optional.of(FakeCluster.lost()), 3));
        assertThatThrownBy(() -> read(where(host("a"))))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("could not be read to its end");
        assertThat(cluster.scans()).hasSize(1);
    }

    @Test
    void refusalReachesTheReader() {
        cluster.nextScan(
                parts(
                        Optional.of(
                                new Rejected(ErrorCode.COLUMN_NOT_FOUND, "no such column", null))));
        assertThatThrownBy(() -> read(where(host("a")))).isInstanceOf(Rejected.class);
    }

    @Test
    void onlyRegionsThatCanMatterAreAsked() {
        var partitions = new Partitions(table);
        assertThat(partitions.mayHold(List.of(host("a", "b")))).containsExactly(0);
        assertThat(partitions.mayHold(List.of(host("a", "z")))).containsExactly(0, 2);
        assertThat(
                        partitions.mayHold(
                                List.of(
                                        new Predicate.Compare(
                                                1, Operator.EQ, new Literal.Text("h")))))
                .containsExactly(1);
        assertThat(
                        partitions.mayHold(
                                List.of(
                                        new Predicate.Compare(
                                                1, Operator.LT, new Literal.Text("b")))))
                .containsExactly(0, 1, 2);
        assertThat(partitions.mayHold(List.of(new Predicate.IsNull(1, true))))
                .containsExactly(0, 1, 2);
        assertThat(
                        partitions.mayHold(
                                List.of(
                                        new Predicate.Compare(
                                                2, Operator.EQ, new Literal.Whole(1)))))
                .containsExactly(0, 1, 2);
    }
}
