package terrane.query.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import terrane.core.ErrorCode;
import terrane.core.TerraneException.Rejected;
import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr.And;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableName;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads statements as users write them, and looks at what became of them and at what is said of
/// wrong ones.
class StatementParserTest {
    private static final String CPU =
            """
            CREATE TABLE cpu (
              host STRING, dc STRING, ts TIMESTAMP(3) TIME INDEX,
              usage_user DOUBLE, usage_system DOUBLE,
              PRIMARY KEY (host, dc)
            ) PARTITION ON COLUMNS (host) (host < 'h', host >= 'h' AND host < 'q', host >= 'q')
            WITH (ttl = '30d', append_mode = 'false');
            """;

    private static Statement one(String sql) {
        var statements = StatementParser.parse(sql);
        assertThat(statements).hasSize(1);
        return statements.getFirst();
    }

    private static Statement.CreateTable create(String sql) {
        return (Statement.CreateTable) one(sql);
    }

    private static Rejected refused(String sql) {
        return catchThrowableOfType(Rejected.class, () -> StatementParser.parse(sql));
    }

    @Test
    void theDocumentedTableIsReadWhole() {
        var table = create(CPU);

        assertThat(table.name()).isEqualTo(TableName.of("cpu"));
        assertThat(table.ifNotExists()).isFalse();
        assertThat(table.options()).isEqualTo(Map.of("ttl", "30d", "append_mode", "false"));
        assertThat(table.schema().mergeMode()).isEqualTo(MergeMode.LAST_ROW);
        assertThat(table.schema().columns())
                .containsExactly(
                        new Column(1, "host", ColumnType.STRING, Column.Semantic.TAG, true),
                        new Column(2, "dc", ColumnType.STRING, Column.Semantic.TAG, true),
                        new Column(
                                3,
                                "ts",
                                ColumnType.TIMESTAMP_MILLISECOND,
                                Column.Semantic.TIMESTAMP,
                                false),
                        new Column(
                                4, "usage_user", ColumnType.FLOAT64, Column.Semantic.FIELD, true),
                        new Column(
                                5,
                                "usage_system",
                                ColumnType.FLOAT64,
                                Column.Semantic.FIELD,
                                true));
        var h = new Literal.Text("h");
        var q = new Literal.Text("q");
        assertThat(table.partitions())
                .isEqualTo(
                        new PartitionRule(
                                List.of("host"),
                                List.of(
                                        new Comparison("host", Operator.LT, h),
                                        new And(
                                                new Comparison("host", Operator.GT_EQ, h),
                                                new Comparison("host", Operator.LT, q)),
                                        new Comparison("host", Operator.GT_EQ, q))));
    }

    @Test
    void clausesMayStandInAnyPlaceThatGreptimeUsersKnow() {
        var table =
                create(
                        "create table if not exists db.`my table` (\"Ts\" timestamp_ns not null,"
                                + " v bigint unsigned null, k int32 primary key,"
                                + " time index (\"Ts\")) engine=mito with('append_mode'='true')");

        assertThat(table.name()).isEqualTo(new TableName("greptime", "db", "my table"));
        assertThat(table.ifNotExists()).isTrue();
        assertThat(table.schema().mergeMode()).isEqualTo(MergeMode.APPEND);
        assertThat(table.schema().timeIndex().type()).isEqualTo(ColumnType.TIMESTAMP_NANOSECOND);
        assertThat(table.schema().column("v").orElseThrow().type()).isEqualTo(ColumnType.UINT64);
        assertThat(table.schema().tags()).extracting(Column::name).containsExactly("k");
        assertThat(table.partitions()).isEqualTo(PartitionRule.SINGLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    STRING|STRING
                    varchar(255)|STRING
                    Text|STRING
                    varbinary|BINARY
                    BLOB|BINARY
                    BOOL|BOOLEAN
                    tinyint|INT8
                    INT8|INT8
                    smallint unsigned|UINT16
                    int|INT32
                    INT UNSIGNED|UINT32
                    uint64|UINT64
                    FLOAT|FLOAT32
                    float32|FLOAT32
                    double precision|FLOAT64
                    Float64|FLOAT64
                    date|DATE
                    timestamp|TIMESTAMP_MILLISECOND
                    TIMESTAMP(0)|TIMESTAMP_SECOND
                    TIMESTAMP(6)|TIMESTAMP_MICROSECOND
                    timestamp_s|TIMESTAMP_SECOND
                    TimestampMillisecond|TIMESTAMP_MILLISECOND
                    TimestampNanosecond|TIMESTAMP_NANOSECOND
                    """)
    void everyWayToWriteATypeIsUnderstood(String text, ColumnType type) {
        var table = create("create table t (ts timestamp time index, c " + text + ")");

        assertThat(table.schema().column("c").orElseThrow().type()).isEqualTo(type);
    }

    @Test
    void partitionConstantsHaveTheTypeOfTheirColumn() {
        var table =
                create(
                        "create table t (ts timestamp time index, a int, b double, primary key(a,"
                                + " b)) partition on columns (a, b) (a < -5 or (5 <= a and b <>"
                                + " 1.5), 7 = b)");

        assertThat(table.partitions().regions())
                .extracting(expr -> CreateTableText.of(expr, table.schema()))
                .containsExactly("a < -5 OR a >= 5 AND b <> 1.5", "b = 7.0");
    }

    @Test
    void rowsOfAnInsertKeepWhatWasWritten() {
        var insert =
                (Statement.Insert)
                        one(
                                "INSERT INTO cpu (host, ts, v) VALUES ('it''s', 1, -1.5), (NULL,"
                                        + " now(), 2e3), ('', '2026-01-01', TRUE);");

        assertThat(insert.columns()).containsExactly("host", "ts", "v");
        assertThat(insert.rows())
                .containsExactly(
                        List.of(
                                new Value.Text("it's"),
                                new Value.Whole(BigInteger.ONE),
                                new Value.Real(-1.5)),
                        List.of(new Value.Null(), new Value.Now(), new Value.Real(2000)),
                        List.of(
                                new Value.Text(""),
                                new Value.Text("2026-01-01"),
                                new Value.Bool(true)));
    }

    @Test
    void smallStatementsAreRead() {
        var all =
                StatementParser.parse(
                        """
                        -- what operators type
                        ADMIN migrate_region(4398046511104, 1, 2, 60); ADMIN flush_table('cpu');;
                        show tables like 'c%'; show databases; desc table cpu; describe db.cpu;
                        show create table cpu; drop table if exists a.b.c; use metrics;
                        alter table cpu add column x double, add column y string primary key
                        /* the end */
                        """);

        assertThat(all)
                .containsExactly(
                        new Statement.Admin(
                                "migrate_region",
                                List.of(
                                        new Value.Whole(BigInteger.valueOf(4398046511104L)),
                                        new Value.Whole(BigInteger.ONE),
                                        new Value.Whole(BigInteger.TWO),
                                        new Value.Whole(BigInteger.valueOf(60)))),
                        new Statement.Admin("flush_table", List.of(new Value.Text("cpu"))),
                        new Statement.ShowTables("public", Optional.of("c%")),
                        new Statement.ShowDatabases(Optional.empty()),
                        new Statement.Describe(TableName.of("cpu")),
                        new Statement.Describe(new TableName("greptime", "db", "cpu")),
                        new Statement.ShowCreateTable(TableName.of("cpu")),
                        new Statement.DropTable(new TableName("a", "b", "c"), true),
                        new Statement.Use("metrics"),
                        new Statement.AddColumns(
                                TableName.of("cpu"),
                                List.of(
                                        new Statement.NewColumn(
                                                "x", ColumnType.FLOAT64, Column.Semantic.FIELD),
                                        new Statement.NewColumn(
                                                "y", ColumnType.STRING, Column.Semantic.TAG)),
                                false));
    }

    @Test
    void aSelectIsLeftAsItStandsUpToItsSemicolon() {
        var all =
                StatementParser.parse(
                        "select ';', $$;$$, e'\\';' /* ; */ from `a\"b` -- ;\n ; with x as (select"
                                + " 1) from x",
                        "db");

        assertThat(all)
                .containsExactly(
                        new Statement.Select(
                                "select ';', $$;$$, e'\\';' /* ; */ from \"a\"\"b\" -- ;", "db"),
                        new Statement.Select("with x as (select 1) from x", "db"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    SELEC 1|TRN-002|line 1, column 1: found 'SELEC', expected a statement: SELECT
                    CREATE TABLE t (a BLURB)|TRN-002|column 19: found 'BLURB', expected a type
                    CREATE TABLE t (a INT)|TRN-002|a table needs a TIME INDEX
                    CREATE TABLE t (a INT TIME INDEX)|TRN-002|expected a TIMESTAMP
                    %s, A INT)|TRN-013|'A' is defined already
                    %s, PRIMARY KEY (b))|TRN-012|'b', which is not a column
                    %s, PRIMARY KEY (a))|TRN-002|leave it out of the PRIMARY KEY
                    %s DEFAULT 1)|TRN-006|line 1, column 40: DEFAULT is not supported
                    %s) WITH (x = 1)|TRN-006|option 'x' is not supported
                    %s) WITH (ttl = 'soon')|TRN-002|expected a time such as '30d'
                    %s) ENGINE=file|TRN-006|the only engine is mito
                    %s, b INT PRIMARY KEY) PARTITION ON COLUMNS (b) (b < 'x')|TRN-004|column 90: p
                    %s, b INT) PARTITION ON COLUMNS (b) (b < 1)|TRN-002|'b' is not part of
                    CREATE DATABASE x|TRN-006|CREATE DATABASE is not supported
                    DELETE FROM t|TRN-006|DELETE is not supported; there are: SELECT
                    INSERT INTO t SELECT 1|TRN-006|INSERT … SELECT is not supported
                    INSERT INTO t VALUES (1, 2), (3)|TRN-002|column 30: row 2 has 1 values,
                    INSERT INTO t VALUES (a)|TRN-002|column 23: found 'a', expected a constant
                    INSERT INTO t VALUES (1|TRN-002|the end of the statement, expected ',' or
                    DROP TABLE|TRN-002|found the end of the statement, expected a table name
                    SHOW TABLES x|TRN-002|found 'x', expected ';' or the end
                    ALTER TABLE t DROP COLUMN c|TRN-006|ALTER TABLE … DROP is not supported
                    DROP TABLE "x|TRN-002|column 12: a name begins here and does not end
                    """)
    void whatIsWrongIsSaidWithItsPlace(String sql, String code, String message) {
        var refused = refused(sql.replace("%s", "CREATE TABLE t (a TIMESTAMP TIME INDEX"));

        assertThat(refused.code().text()).isEqualTo(code);
        assertThat(refused).hasMessageContaining(message);
    }

    @Test
    void linesAndColumnsCountFromOne() {
        assertThat(refused("-- one\n\n  drop table ;"))
                .hasMessageStartingWith("line 3, column 14: found ';'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "select (",
                "create table t (a timestamp time index, b int primary"
                        + " key) partition on columns (b) (("
            })
    void deepNestingIsRefusedAndNotSurvivedByLuck(String prefix) {
        assertThat(refused(prefix + "(".repeat(200_000)).code()).isEqualTo(ErrorCode.INVALID_SQL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " join t on true",
                " , t",
                " natural join (select 1 from t, t)",
                " union select 1"
            })
    void aSelectThatWouldExhaustTheStackOfItsExecutionIsRefused(String more) {
        assertThat(refused("select 1 from t" + more.repeat(300)))
                .hasMessageContaining("joins or unites too many");
        assertThat(StatementParser.parse("select 1 from t" + more.repeat(20))).hasSize(1);
        assertThat(StatementParser.parse("select a from t where a in (1" + ",1".repeat(5000) + ")"))
                .hasSize(1);
    }

    @Test
    void aTextBeyondTheLimitIsRefused() {
        assertThat(refused(" ".repeat(StatementParser.TEXT_CHARS_MAX + 1)).code())
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @Test
    void nothingButCommentsIsNoStatement() {
        assertThat(StatementParser.parse(" ; -- x\n /* y */ ;")).isEmpty();
    }
}
