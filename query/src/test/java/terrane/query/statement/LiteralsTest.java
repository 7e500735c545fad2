package terrane.query.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import terrane.core.ErrorCode;
import terrane.core.TableId;
import terrane.core.TerraneException.Rejected;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Table;
import terrane.core.rows.ColumnValues;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Fits constants to columns: values at and beyond the borders of each type, and whole INSERTs.
class LiteralsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T16:40:00.123456789Z");

    private static Statement.CreateTable create(String sql) {
        return (Statement.CreateTable) StatementParser.parse(sql).getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "INT8,-128,127", "INT16,-32768,32767", "INT32,-2147483648,2147483647",
        "INT64,-9223372036854775808,9223372036854775807", "UINT8,0,255", "UINT16,0,65535",
        "UINT32,0,4294967295", "UINT64,0,18446744073709551615"
    })
    void integersFitWithinTheirRangeOnly(ColumnType type, BigInteger min, BigInteger max) {
        assertThat(Literals.toColumn(new Value.Whole(min), type, NOW))
                .isEqualTo(new Cell.Whole(min.longValue()));
        assertThat(Literals.toColumn(new Value.Whole(max), type, NOW))
                .isEqualTo(new Cell.Whole(max.longValue()));
        for (var beyond :
                new BigInteger[] {min.subtract(BigInteger.ONE), max.add(BigInteger.ONE)}) {
            assertThatThrownBy(() -> Literals.toColumn(new Value.Whole(beyond), type, NOW))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("it must be from " + min + " to " + max);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMP_SECOND,2026-11-22,1795305600",
        "TIMESTAMP_MILLISECOND,2026-11-22 16:40:00.1239,1795365600123",
        "TIMESTAMP_MILLISECOND,2026-11-22T16:40Z,1795365600000",
        "TIMESTAMP_MICROSECOND,2026-11-22T16:40:00.123456+02:00,1795358400123456",
        "TIMESTAMP_NANOSECOND,1969-12-31 23:59:59.999999999,-1",
        "TIMESTAMP_MILLISECOND,1969-12-31 23:59:59.9999,-1",
        "DATE,1970-01-02,1"
    })
    void timesAreReadFromIsoText(ColumnType type, String text, long value) {
        assertThat(Literals.toColumn(new Value.Text(text), type, NOW))
                .isEqualTo(new Cell.Whole(value));
    }

    @ParameterizedTest
    @CsvSource({
        "TIMESTAMP_MILLISECOND,2026-13-01",
        "TIMESTAMP_MILLISECOND,yesterday",
        "TIMESTAMP_NANOSECOND,9999-01-01",
        "DATE,2026-02-30",
        "INT64,5",
        "FLOAT64,5",
        "BOOLEAN,true"
    })
    void textThatDoesNotFitIsRefused(ColumnType type, String text) {
        assertThatThrownBy(() -> Literals.toColumn(new Value.Text(text), type, NOW))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TYPE_MISMATCH))
                .hasMessageStartingWith("'" + text + "' is not a " + type.label());
    }

    @Test
    void nowIsInTheColumnsUnit() {
        assertThat(Literals.toColumn(new Value.Now(), ColumnType.TIMESTAMP_SECOND, NOW))
                .isEqualTo(new Cell.Whole(NOW.getEpochSecond()));
        assertThat(Literals.toColumn(new Value.Now(), ColumnType.TIMESTAMP_MILLISECOND, NOW))
                .isEqualTo(new Cell.Whole(NOW.toEpochMilli()));
    }

    @Test
    void anInsertBecomesColumns() {
        var table = create("create table t (ts timestamp time index, s string primary key, v int)");
        var insert =
                (Statement.Insert)
                        StatementParser.parse(
                                        "insert into t (s, ts) values ('a',1),(null,2),('a',3)")
                                .getFirst();

        var batch = InsertRows.bind(insert, table.schema(), NOW).getFirst();

        assertThat(batch.rowCount()).isEqualTo(3);
        assertThat(batch.columns()).hasSize(2);
        var s = (ColumnValues.Bytes) batch.column(2).orElseThrow();
        assertThat(s.dictionary()).hasDimensions(1, 1);
        assertThat(s.dictionary()[0]).isEqualTo("a".getBytes(StandardCharsets.UTF_8));
        assertThat(s.isNull(1)).isTrue();
        assertThat(((ColumnValues.Longs) batch.column(1).orElseThrow()).values())
                .containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            textBlock =
                    """
                    (s) values ('a')|column 'ts' is NOT NULL and must be given
                    (ts, x) values (1, 2)|has no column 'x'; it has: ts, s, v
                    (ts, ts) values (1, 2)|column 'ts' is named twice
                    values (1, 2)|a row has 2 values, but the table has 3 columns
                    values (1, 'a', 1), (2, 'b', 'x')|row 2, column 'v': 'x' is not a Int32
                    values (null, 'a', 1)|row 1, column 'ts': the column is NOT NULL
                    """)
    void anInsertThatDoesNotFitSaysWhere(String tail, String message) {
        var table = create("create table t (ts timestamp time index, s string primary key, v int)");
        var insert = (Statement.Insert) StatementParser.parse("insert into t " + tail).getFirst();

        assertThatThrownBy(() -> InsertRows.bind(insert, table.schema(), NOW))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(ts timestamp(9) time index, \"S\" string not null, \"primary\" int, b bool,"
                        + " d date, primary key (\"S\", b, d)) partition on columns (\"S\", b, d)"
                        + " (\"S\" < 'it''s' or (b = true or d < '2026-01-01'),"
                        + " \"S\" = '' and (b = false and d > '2026-01-01'))",
                "(ts timestamp(0) time index, u uint64, f float)"
                        + " with (ttl = '1 day', merge_mode = 'last_non_null')"
            })
    void aTableIsPrintedAsTheStatementThatMakesIt(String definition) {
        var made = create("create table t " + definition);
        var table =
                new Table(
                        new TableId(1024),
                        made.name(),
                        made.schema(),
                        made.partitions(),
                        made.options());

        var again = create(CreateTableText.of(table));

        assertThat(again.schema()).isEqualTo(made.schema());
        assertThat(again.partitions()).isEqualTo(made.partitions());
        assertThat(again.options()).isEqualTo(made.options());
    }
}
