package terrane.query.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.TableName;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.core.time.SystemClock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Plans and runs queries over tables in memory, with the real DuckDB: what is asked of the
/// regions, what comes out, and that pushing conditions down never changes an answer.
class SelectTest {
    private static final Object NULL = Optional.empty();

    private static final String SCANS =
            """
            select host from cpu|cpu[1]
            select count(*) from cpu|cpu[]
            select * from cpu limit 3 offset 2|cpu[1,2,3,4,5]limit5
            select host from cpu order by n limit 3|cpu[1,5]
            select max(n) from cpu limit 3|cpu[5]
            select n from cpu where host = 'a' and load > 1.5 limit 2|cpu[1,4,5]2
            select n from cpu where load > 1.1|cpu[4,5]
            select n from cpu where n = 1 or host = 'a'|cpu[1,5]
            select n from cpu where n between 1 and 5 and 3 < n|cpu[5]3
            select n from cpu where n in (1, 2) and host is not null|cpu[1,5]2
            select n from cpu where ts >= '1970-01-01 00:00:01'|cpu[3,5]1000..
            select n from cpu where ts < timestamp '1970-01-02'|cpu[3,5]..86400000
            select n from cpu where ts = '1970-01-01 00:00:00.0005'|cpu[3,5]-1..1
            select n from cpu where ts in ('1970-01-01', '1970-01-02')|cpu[3,5]0..86400000
            select n as host from cpu where host > 3|cpu[1,5]
            select c.n from public.cpu c where c.host = 'a'|cpu[1,5]1
            with cpu as (select 1 as n) select * from cpu|
            with x as (select n from cpu) select * from x|cpu[5]
            with cpu as (select n, dc from cpu) select * from cpu|cpu[2,5]
            select * from (select host from hosts) h, cpu c|hosts[1];cpu[1,2,3,4,5]
            select n from cpu join hosts using (host) where owner = 'x'|cpu[1,5];hosts[1,3]1
            select n from cpu left join hosts h using (host) where owner is null|cpu[1,5];hosts[1,3]
            select n from cpu c left join hosts h using (host) where c.n = 1|cpu[1,5]1;hosts[1]
            select n from cpu c full join hosts h using (host) where c.n = 1|cpu[1,5];hosts[1]
            select n from cpu where n = (select 1 from hosts where owner = 'x')|cpu[5];hosts[3]1
            select 1 from cpu a, cpu b where a.n = 1 and b.n = 1|cpu[5]1
            select n from cpu union all select 1 from hosts|cpu[5];hosts[]
            select cpu from cpu|cpu[1,2,3,4,5]
            """;

    private static final String ANSWERS =
            """
            select count(*) from cpu|[[20]]
            select count(*) from cpu where load is null|[[4]]
            select 1, 'x', null, true, 1.5|[[1, x, null, true, 1.5]]
            select public.cpu.n from public.cpu where public.cpu.n = 7|[[7]]
            select max(n) from hosts h join cpu using (host) where owner = 'ann'|[[16]]
            with recursive r as (select 1 i union select i + 1 from r where i < 2) from r|[[1], [2]]
            select __terrane_0.n from (select 5 as n) __terrane_0, hosts limit 1|[[5]]
            select ts + interval 1 second from cpu where n = 3|[[2500000]]
            select n from cpu where ts > now() order by n|[]
            select date '2026-01-02', 'nan'::double|[[2026-01-02, null]]
            select 18446744073709551615::ubigint|[[18446744073709551615]]
            values (1, 'a')|[[1, a]]
            select distinct on (host) host from cpu order by host limit 2|[[a], [b]]
            select database()|[[public]]
            """;

    private static final String REFUSALS =
            """
            select * from cpus|TABLE_NOT_FOUND|did you mean 'cpu'?
            select * from db.cpu|TABLE_NOT_FOUND|there is one in 'public'
            select * from information_schema.tabels|TABLE_NOT_FOUND|did you mean 'tables'?
            select hots from cpu|COLUMN_NOT_FOUND|"hots" not found
            select cpu.hots from cpu|COLUMN_NOT_FOUND|hots
            select * from cpu where|INVALID_SQL|line 1
            select host + 1 from cpu|INVALID_SQL|
            select * from read_parquet('x')|UNSUPPORTED|read_parquet is not allowed
            select * from read_csv('/etc/passwd')|UNSUPPORTED|not allowed
            select * from 'x.parquet'|TABLE_NOT_FOUND|
            select * from glob('*')|UNSUPPORTED|not allowed
            select * from query('select 1')|UNSUPPORTED|not allowed
            select * from duckdb_settings()|UNSUPPORTED|not allowed
            select getenv('HOME')|UNSUPPORTED|not allowed
            select current_setting('memory_limit')|UNSUPPORTED|not allowed
            copy (select 1) to 'x'|UNSUPPORTED|
            attach 'x'|UNSUPPORTED|
            install httpfs|UNSUPPORTED|
            select repeat('x', 100000000)|TOO_LARGE|larger than 64 MiB
            """;

    @TempDir private static Path folder;
    private static SelectDatabase database;
    private final Cluster cluster = new Cluster();

    @BeforeAll
    static void start() {
        var limits = new SelectDatabase.Limits(folder, 256L << 20, 2);
        database = new SelectDatabase(limits, new SystemClock());
    }

    @BeforeEach
    void fill() {
        cluster.create(
                "create table cpu (host string, dc string, ts timestamp(3) time index, load"
                        + " double, n bigint, primary key (host, dc)) partition on columns (host)"
                        + " (host < 'b', host >= 'b')");
        cluster.create(
                "create table hosts (host string primary key, ts timestamp(3) time index,"
                        + " owner string)");
        for (long i = 0; i < 20; i++) {
            Object load = i % 5 == 0 ? NULL : (Object) (i / 2.0);
            cluster.insert("cpu", "abcd".charAt((int) i % 4) + "", "eu", i * 500, load, i);
        }
        cluster.insert("hosts", "a", 0L, "ann");
        cluster.insert("hosts", "b", 0L, "bob");
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    private SelectPlan plan(String sql) throws InterruptedException {
        return new SelectPlanner(database).plan(sql, TableName.SCHEMA, cluster.tables());
    }

    private QueryResult run(String sql) throws InterruptedException {
        return run(sql, SelectExecutor.TIMEOUT);
    }

    private QueryResult run(String sql, Duration atMost) throws InterruptedException {
        return new SelectExecutor(database)
                .execute(plan(sql), cluster.tables(), cluster, new Peers(), atMost);
    }

    private TerraneException refused(String sql) {
        return catchThrowableOfType(TerraneException.class, () -> run(sql));
    }

    private static String scanned(TableScan scan) {
        var spec = scan.spec();
        String times = spec.times().equals(TimeRange.ALL) ? "" : " " + times(spec.times());
        String limit = spec.limit() == ScanSpec.NO_LIMIT ? "" : " limit " + spec.limit();
        return "%s%s%s%s%s"
                .formatted(
                        scan.table().name().table(),
                        spec.columnIds(),
                        times,
                        spec.predicates().isEmpty() ? "" : " " + spec.predicates().size(),
                        limit)
                .replace(" ", "");
    }

    private static String times(TimeRange range) {
        String from = range.from() == Long.MIN_VALUE ? "" : Long.toString(range.from());
        return from + ".." + (range.to() == Long.MAX_VALUE ? "" : range.to());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = SCANS)
    void aScanAsksForNoMoreThanTheQueryNeeds(String sql, String scans) throws Exception {
        var found = plan(sql).scans().stream().map(SelectTest::scanned).toList();

        assertThat(String.join(";", found)).isEqualTo(scans == null ? "" : scans);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ts > now() - interval 1 hour",
                "now() - interval '60 minutes' <= ts",
                "ts >= now() - interval '30 minutes' - interval 1800 seconds"
            })
    void aTimeSinceNowIsPushedDownAsALowerBound(String where) throws Exception {
        long before = new SystemClock().now().minusSeconds(3600 + 60).toEpochMilli();

        var times = plan("select n from cpu where " + where).scans().getFirst().spec().times();

        long after = new SystemClock().now().minusSeconds(3600 + 60).toEpochMilli();
        assertThat(times.from()).isBetween(before, after);
        assertThat(times.to()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ts < now()",
                "ts = now() - interval 1 hour",
                "ts > now() + interval 1 hour",
                "ts > timestamp '2026-01-01' - (now() - timestamp '2026-01-01')"
            })
    void aTimeThatMovesTheOtherWayStaysBehind(String where) throws Exception {
        assertThat(plan("select n from cpu where " + where).scans().getFirst().spec().times())
                .isEqualTo(TimeRange.ALL);
    }

    @Test
    void anAnswerHasNamesTypesAndRows() throws Exception {
        var result =
                run(
                        "select cpu.host, max(ts) as latest, sum(n) s, avg(load) from cpu where"
                                + " host in ('a', 'b') group by host order by host");

        assertThat(result.columns())
                .containsExactly(
                        new QueryResult.ResultColumn("host", "String"),
                        new QueryResult.ResultColumn("latest", "TimestampMillisecond"),
                        new QueryResult.ResultColumn("s", "Int64"),
                        new QueryResult.ResultColumn("avg(\"load\")", "Float64"));
        assertThat(result.rows())
                .containsExactly(List.of("a", 8000L, 40L, 5.0), List.of("b", 8500L, 45L, 5.0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = ANSWERS)
    void everyKindOfQueryIsAnswered(String sql, String rows) throws Exception {
        assertThat(run(sql).rows().toString()).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = REFUSALS)
    void whatIsWrongOrForbiddenIsRefused(String sql, ErrorCode code, String message) {
        var refused = refused(sql);

        assertThat(refused.code()).isEqualTo(code);
        assertThat(refused).hasMessageContaining(message == null ? "" : message);
        assertThat(refused.text()).doesNotContain("__terrane");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1+", "not ", "case when true then "})
    void aQueryTooDeepForTheStackIsRefused(String link) {
        for (int links : new int[] {300, 990, 5000}) {
            assertThat(refused("select " + link.repeat(links) + "1").code())
                    .isEqualTo(ErrorCode.INVALID_SQL);
        }
    }

    @Test
    void aQueryThatTakesTooLongIsStopped() {
        String forever = "select count(*) from range(10000000) a, range(1000000) b where a <> b";

        var refused =
                catchThrowableOfType(
                        TerraneException.class, () -> run(forever, Duration.ofMillis(200)));

        assertThat(refused.code()).isEqualTo(ErrorCode.TIMED_OUT);
    }

    @Test
    void thePublishedJoinOfTheInformationSchemaWorks() throws Exception {
        var result =
                run(
                        "select b.peer_id as datanode_id, a.greptime_partition_id as region_id from"
                                + " information_schema.partitions a left join"
                                + " information_schema.region_peers b on a.greptime_partition_id ="
                                + " b.region_id where a.table_name='cpu' order by datanode_id asc;"
                                        .replace(";", ""));

        assertThat(result.rows())
                .containsExactly(List.of(0L, 4398046511105L), List.of(1L, 4398046511104L));
        assertThat(result.columns())
                .extracting(QueryResult.ResultColumn::type)
                .containsExactly("UInt64", "UInt64");
    }

    @Test
    void everyTableOfTheInformationSchemaCanBeRead() throws Exception {
        for (var table : VirtualTable.values()) {
            var result = run("select * from information_schema." + table.table());

            assertThat(result.columns())
                    .extracting(QueryResult.ResultColumn::type)
                    .isEqualTo(table.columns().stream().map(c -> c.type().label()).toList());
        }
        assertThat(
                        run("select partition_description from information_schema.partitions where"
                                        + " table_name = 'cpu' order by 1")
                                .rows())
                .containsExactly(List.of("host < 'b'"), List.of("host >= 'b'"));
    }

    @Test
    void pushedConditionsNeverChangeAnAnswer() throws Exception {
        long seed = Long.getLong("terrane.seed", 20_261_122L);
        var random = new Random(seed);
        for (int i = 0; i < 150; i++) {
            String where =
                    IntStream.range(0, 1 + random.nextInt(3))
                            .mapToObj(_ -> condition(random))
                            .reduce((a, b) -> a + (random.nextInt(4) == 0 ? " or " : " and ") + b)
                            .orElseThrow();
            String sql =
                    random.nextBoolean()
                            ? "select * from cpu c where %s order by n".formatted(where)
                            : ("select c.n, h.owner from cpu c %s join hosts h on c.host = h.host"
                                            + " where %s order by 1, 2")
                                    .formatted(random.nextBoolean() ? "left" : "inner", where);

            cluster.narrows = true;
            var narrowed = run(sql);
            cluster.narrows = false;

            assertThat(narrowed).as("seed=%d sql=%s", seed, sql).isEqualTo(run(sql));
        }
    }

    private static String condition(Random random) {
        String operator = pick(random, "=", "<>", "<", "<=", ">", ">=");
        long n = random.nextInt(22);
        return pick(
                random,
                "c.host " + operator + " '" + "abcd".charAt(random.nextInt(4)) + "'",
                "c.n " + operator + " " + n,
                n + " " + operator + " n",
                "load " + operator + " " + n / 4.0,
                "load is " + pick(random, "", "not ") + "null",
                "c.ts " + operator + " '1970-01-01 00:00:0" + n / 4.0 + "'",
                "c.ts " + operator + " timestamp '1970-01-01 00:00:01." + (4995 + n) + "'",
                "c.n between " + n + " and " + (n + 4),
                "c.host in ('a', 'd')",
                "not (c.n = " + n + ")",
                "c.ts in ('1970-01-01 00:00:01', '1970-01-01 00:00:03')");
    }

    private static String pick(Random random, String... choices) {
        return Arrays.asList(choices).get(random.nextInt(choices.length));
    }

    /// Two regions, each led by one datanode.
    private static final class Peers implements VirtualTables {
        @Override
        public List<VirtualRow.RegionPeer> regionPeers() {
            return List.of(peer(4398046511104L, 1), peer(4398046511105L, 0));
        }

        private static VirtualRow.RegionPeer peer(long region, long peer) {
            return new VirtualRow.RegionPeer(
                    TableName.of("cpu"),
                    new RegionId(region),
                    new PeerId(peer),
                    Optional.of(new Address("127.0.0.1", 4101)),
                    true,
                    "ALIVE",
                    Optional.empty());
        }

        @Override
        public List<VirtualRow.Member> members() {
            return List.of();
        }

        @Override
        public List<VirtualRow.Procedure> procedures() {
            return List.of();
        }

        @Override
        public List<VirtualRow.RegionMigration> regionMigrations() {
            return List.of();
        }
    }
}
