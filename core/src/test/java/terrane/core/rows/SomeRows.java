package terrane.core.rows;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.core.catalog.ColumnType;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;

import java.util.List;
import java.util.Random;

/// Random batches, and what makes two of them the same.
final class SomeRows {
    private static final List<ColumnType> TYPES =
            List.of(
                    ColumnType.STRING,
                    ColumnType.BINARY,
                    ColumnType.BOOLEAN,
                    ColumnType.INT64,
                    ColumnType.UINT64,
                    ColumnType.FLOAT64,
                    ColumnType.TIMESTAMP_NANOSECOND);

    private SomeRows() {}

    static RowBatch batch(Random random) {
        var builder = new RowBatchBuilder(1 + random.nextInt(5));
        int columns = random.nextInt(6);
        int rows = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(200);
        int nullPercent = random.nextInt(3) * 40;
        for (int row = 0; row < rows; row++) {
            builder.addRow();
            for (int id = 1; id <= columns; id++) {
                var column = builder.column(id * 3, TYPES.get((id + columns) % TYPES.size()));
                if (random.nextInt(100) >= nullPercent) {
                    put(column, random);
                }
            }
        }
        return builder.build();
    }

    private static void put(ColumnBuilder column, Random random) {
        switch (column.type().physical()) {
            case LONG ->
                    column.put(
                            column.type() == ColumnType.BOOLEAN
                                    ? random.nextInt(2)
                                    : random.nextLong());
            case DOUBLE -> column.put(random.nextGaussian());
            case BYTES -> column.put("wert-ü-" + random.nextInt(50));
        }
    }

    static void assertSame(RowBatch actual, RowBatch expected, String what) {
        assertThat(actual.schemaVersion()).as(what).isEqualTo(expected.schemaVersion());
        assertThat(actual.rowCount()).as(what).isEqualTo(expected.rowCount());
        assertThat(actual.columns().stream().map(ColumnValues::columnId))
                .as(what)
                .containsExactlyElementsOf(
                        expected.columns().stream().map(ColumnValues::columnId).toList());
        for (var column : expected.columns()) {
            var other = actual.column(column.columnId()).orElseThrow();
            assertThat(other.type()).as(what).isEqualTo(column.type());
            for (int row = 0; row < expected.rowCount(); row++) {
                assertThat(value(other, row))
                        .as("%s row %d", what, row)
                        .isEqualTo(value(column, row));
            }
        }
    }

    /// A value that can be compared; `null` as the word for it.
    static Object value(ColumnValues column, int row) {
        if (column.isNull(row)) {
            return "null";
        }
        return switch (column) {
            case Longs longs -> longs.values()[row];
            case Doubles doubles -> doubles.values()[row];
            case Bytes bytes -> List.of(boxed(bytes.dictionary()[bytes.codes()[row]]));
        };
    }

    private static Byte[] boxed(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            boxed[i] = bytes[i];
        }
        return boxed;
    }
}
