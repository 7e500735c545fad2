package terrane.frontend.lineprotocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import terrane.core.ErrorCode;
import terrane.core.TerraneException.Rejected;
import terrane.core.catalog.Column;
import terrane.core.catalog.Column.Semantic;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Shows how points meet a table that exists: what it lacks, what does not fit, what is converted.
class PointsBinderTest {
    private static final TableSchema CPU =
            new TableSchema(
                    3,
                    List.of(
                            new Column(1, "host", ColumnType.STRING, Semantic.TAG, true),
                            new Column(
                                    2,
                                    "ts",
                                    ColumnType.TIMESTAMP_MILLISECOND,
                                    Semantic.TIMESTAMP,
                                    false),
                            new Column(5, "load", ColumnType.FLOAT32, Semantic.FIELD, true),
                            new Column(6, "cores", ColumnType.INT8, Semantic.FIELD, true)),
                    MergeMode.LAST_ROW);

    private static Points points(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return LineParser.parse(bytes, bytes.length, Precision.NANOSECONDS, 0).getFirst();
    }

    @Test
    void newTableHasTagsTimeAndFields() {
        var schema = PointsBinder.newSchema(points("m,a=1 x=1,n=2i 1\nm,b=2 s=\"t\" 2"));
        assertThat(schema.columns())
                .extracting(Column::name)
                .containsExactly("a", "b", "greptime_timestamp", "x", "n", "s");
        assertThat(schema.columns()).extracting(Column::id).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(schema.timeIndex().type()).isEqualTo(ColumnType.TIMESTAMP_NANOSECOND);
        assertThat(schema.mergeMode()).isEqualTo(MergeMode.LAST_NON_NULL);
    }

    @Test
    void columnsThatTheTableLacksAreNamed() {
        var missing = PointsBinder.missing(points("cpu,host=a,dc=b load=1,idle=2i 1"), CPU);
        assertThat(missing).extracting(Points.PointColumn::name).containsExactly("dc", "idle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cpu,host=a Load=1 1",
                "cpu,Host=a load=1 1",
                "cpu,host=a load=1,TS=2 1",
                "cpu,host=a idle=1 1\ncpu,host=a Idle=1 2"
            })
    void columnThatDiffersInCaseAloneIsRefused(String lines) {
        assertThatThrownBy(() -> PointsBinder.missing(points(lines), CPU))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("in case alone")
                .hasMessageContaining("nothing was written");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"m F=1,f=2 1", "m,A=x,a=y f=1 1", "m,f=x F=1 1", "m Greptime_Timestamp=1"})
    void newTableHasNoColumnsThatDifferInCaseAlone(String lines) {
        assertThatThrownBy(() -> PointsBinder.newSchema(points(lines)))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("in case alone");
    }

    @Test
    void rowsTakeIdsTypesAndUnitOfTheTable() {
        var batch = PointsBinder.bind(points("cpu,host=a load=1.5,cores=8i -1"), CPU).getFirst();
        assertThat(batch.schemaVersion()).isEqualTo(3);
        assertThat(batch.column(2).orElseThrow())
                .isInstanceOfSatisfying(
                        Longs.class, times -> assertThat(times.values()).containsExactly(-1));
        assertThat(batch.column(5).orElseThrow())
                .isInstanceOfSatisfying(
                        Doubles.class,
                        loads -> assertThat(loads.type()).isEqualTo(ColumnType.FLOAT32));
        assertThat(batch.column(6).orElseThrow().type()).isEqualTo(ColumnType.INT8);
    }

    @Test
    void typeThatDoesNotFitNamesColumnBothTypesAndLine() {
        assertThatThrownBy(() ->
                        PointsBinder.missing(
                                points("cpu,host=a cores=1i 1\ncpu load=\"x\" 1"), CPU))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TYPE_MISMATCH))
                .hasMessage(
                        "line 2: column 'load' of table 'cpu' is a field of type Float32, given a"
                                + " string field (String); nothing was written");
    }

    @Test
    void tagIsNoField() {
        assertThatThrownBy(() -> PointsBinder.missing(points("cpu host=\"a\" 1"), CPU))
                .hasMessageContaining("column 'host' of table 'cpu' is a tag of type String");
    }

    @Test
    void timeIndexIsNoField() {
        assertThatThrownBy(() -> PointsBinder.missing(points("cpu ts=1i 1"), CPU))
                .hasMessageContaining("'ts' is the time of the point");
    }

    @Test
    void integerBeyondItsColumnNamesTheLine() {
        assertThatThrownBy(
                        () -> PointsBinder.bind(points("cpu cores=127i 1\ncpu cores=-129i 2"), CPU))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("line 2: -129 is beyond column 'cores' of type Int8");
    }
}
