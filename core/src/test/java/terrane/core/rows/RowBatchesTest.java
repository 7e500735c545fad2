package terrane.core.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.Invariant;
import terrane.core.catalog.ColumnType;
import terrane.core.rows.ColumnValues.Bytes;

import java.util.Random;

/// Builder and split: every row ends up in exactly its region, in order, and nothing else does.
class RowBatchesTest {
    @Test
    void everyRowGoesToItsRegionInOrder() {
        for (int seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            var batch = SomeRows.batch(random);
            int regions = 1 + random.nextInt(4);
            int[] assigned = random.ints(batch.rowCount(), 0, regions).toArray();
            var parts = RowBatches.split(batch, assigned, regions);
            assertThat(parts).hasSize(regions);
            for (int region = 0; region < regions; region++) {
                assertRows(batch, assigned, region, parts.get(region), "seed " + seed);
            }
        }
    }

    private static void assertRows(
            RowBatch batch, int[] assigned, int region, RowBatch part, String what) {
        int at = 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            if (assigned[row] != region) {
                continue;
            }
            for (var column : batch.columns()) {
                var cut = part.column(column.columnId()).orElseThrow();
                assertThat(SomeRows.value(cut, at)).as(what).isEqualTo(SomeRows.value(column, row));
            }
            at++;
        }
        assertThat(part.rowCount()).as(what).isEqualTo(at);
        RowBatchCodec.decode(RowBatchCodec.encode(part));
    }

    @Test
    void splitDictionariesHoldOnlyWhatIsUsed() {
        var builder = new RowBatchBuilder(1);
        var host = builder.column(1, ColumnType.STRING);
        for (int row = 0; row < 100; row++) {
            builder.addRow();
            host.put("host-" + row);
        }
        int[] assigned = new int[100];
        assigned[42] = 1;
        var column = (Bytes) RowBatches.split(builder.build(), assigned, 2).get(1).columns().get(0);
        assertThat(column.dictionary()).hasDimensions(1, "host-42".length());
    }

    @Test
    void valuesNeverPutAreNull() {
        var builder = new RowBatchBuilder(1);
        var early = builder.column(1, ColumnType.INT64);
        builder.addRow();
        early.put(7);
        for (int row = 1; row < 200; row++) {
            builder.addRow();
        }
        builder.column(2, ColumnType.STRING).put("late");
        var batch = builder.build();
        assertThat(batch.column(1).orElseThrow().isNull(0)).isFalse();
        assertThat(batch.column(1).orElseThrow().isNull(199)).isTrue();
        assertThat(batch.column(2).orElseThrow().isNull(198)).isTrue();
        assertThat(batch.column(2).orElseThrow().isNull(199)).isFalse();
    }

    @Test
    void secondOfTwoValuesForOneRowStays() {
        var builder = new RowBatchBuilder(1);
        var column = builder.column(1, ColumnType.FLOAT64);
        builder.addRow();
        column.put(1.0);
        column.put(2.0);
        assertThat(SomeRows.value(builder.build().columns().getFirst(), 0)).isEqualTo(2.0);
        column.putNull();
        assertThat(builder.build().columns().getFirst().isNull(0)).isTrue();
    }

    @Test
    void wrongKindOfValueIsOurOwnMistake() {
        var builder = new RowBatchBuilder(1);
        var column = builder.column(1, ColumnType.FLOAT64);
        builder.addRow();
        assertThatThrownBy(() -> column.put("text")).isInstanceOf(Invariant.Violated.class);
    }

    @Test
    void equalValuesShareOneDictionaryEntry() {
        var random = new Random(1);
        var builder = new RowBatchBuilder(1);
        var column = builder.column(1, ColumnType.STRING);
        for (int row = 0; row < 20_000; row++) {
            builder.addRow();
            column.put("v" + random.nextInt(1_000));
        }
        var bytes = (Bytes) builder.build().columns().getFirst();
        assertThat(bytes.dictionary()).hasNumberOfRows(1_000);
    }
}
