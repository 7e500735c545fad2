package terrane.core.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import terrane.core.TerraneException.Corrupt;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Golden;
import terrane.core.catalog.ColumnType;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Batches of every shape come back as they were, and no damage to the bytes goes unnoticed or ends
/// in anything but Corrupt. Seeds decide the shapes.
class RowBatchCodecTest {
    private static final int SEEDS = 300;

    @Test
    void everyBatchComesBackAsItWas() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var batch = SomeRows.batch(new Random(seed));
            byte[] bytes = RowBatchCodec.encode(batch);
            SomeRows.assertSame(RowBatchCodec.decode(bytes), batch, "seed " + seed);
        }
    }

    @Test
    void oneBatchHasOneEncoding() {
        for (int seed = 0; seed < SEEDS; seed++) {
            byte[] bytes = RowBatchCodec.encode(SomeRows.batch(new Random(seed)));
            assertThat(RowBatchCodec.encode(RowBatchCodec.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void columnOrderDoesNotMatter() {
        var first = new Longs(7, ColumnType.INT64, Optional.empty(), new long[] {1});
        var second = new Doubles(2, ColumnType.FLOAT64, Optional.empty(), new double[] {2});
        assertThat(RowBatchCodec.encode(new RowBatch(1, 1, List.of(first, second))))
                .isEqualTo(RowBatchCodec.encode(new RowBatch(1, 1, List.of(second, first))));
    }

    @Test
    void everyTruncationIsCorrupt() {
        for (int seed = 0; seed < 30; seed++) {
            byte[] bytes = RowBatchCodec.encode(SomeRows.batch(new Random(seed)));
            for (int length = 0; length < bytes.length; length += 1 + bytes.length / 500) {
                assertCorrupt(Arrays.copyOf(bytes, length));
            }
            assertCorrupt(Arrays.copyOf(bytes, bytes.length + 1));
        }
    }

    @Test
    void changedBytesDecodeOrAreCorrupt() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            byte[] bytes = RowBatchCodec.encode(SomeRows.batch(random));
            for (int i = 0; i < 20; i++) {
                byte[] changed = bytes.clone();
                changed[random.nextInt(bytes.length)] = (byte) random.nextInt();
                decodesOrIsCorrupt(changed);
            }
        }
    }

    @Test
    void hugeCountsAreCorruptBeforeMemoryIsTaken() {
        assertCorrupt(header(1, 65_537, 0).toBytes());
        assertCorrupt(header(1, 1, Integer.MAX_VALUE).toBytes());
        var dictionary = header(1, 0, 1).varint(1).u8(ColumnType.STRING.tag()).u8(0);
        assertCorrupt(dictionary.varint(Integer.MAX_VALUE).toBytes());
    }

    @Test
    void inconsistentColumnsAreCorrupt() {
        assertCorrupt(header(2, 0, 0).toBytes());
        assertCorrupt(header(1, 1, 1).varint(1).u8(99).u8(0).i64(0).toBytes());
        assertCorrupt(longs(1, ColumnType.INT64).u8(2).i64(0).toBytes());
        assertCorrupt(longs(1, ColumnType.INT64).u8(1).i64(2).i64(0).toBytes());
        assertCorrupt(longs(1, ColumnType.BOOLEAN).u8(0).i64(2).toBytes());
        assertCorrupt(longs(1, ColumnType.INT8).u8(0).i64(128).toBytes());
        assertCorrupt(longs(1, ColumnType.UINT32).u8(0).i64(-1).toBytes());
        assertCorrupt(longs(2, ColumnType.INT64).u8(0).i64(0).raw(oneLong(), 0, 11).toBytes());
        assertCorrupt(longs(2, ColumnType.INT64).u8(0).i64(0).raw(oneLong(), 0, 11).toBytes());
    }

    @Test
    void codesWithoutAnEntryAreCorrupt() {
        assertCorrupt(longs(1, ColumnType.STRING).u8(0).varint(0).u8(0).toBytes());
        assertCorrupt(longs(1, ColumnType.STRING).u8(0).varint(1).string("a").u8(1).toBytes());
        assertCorrupt(
                longs(1, ColumnType.STRING).u8(0).varint(1).bytes(new byte[] {-1}).u8(0).toBytes());
        var allNull = longs(1, ColumnType.STRING).u8(1).i64(0).varint(0).u8(0).toBytes();
        assertThat(RowBatchCodec.decode(allNull).columns().getFirst().isNull(0)).isTrue();
    }

    @Test
    void goldenBatchStaysReadable() {
        var batch = goldenBatch();
        Golden.check("row-batch-1", RowBatchCodec.encode(batch));
        SomeRows.assertSame(RowBatchCodec.decode(Golden.read("row-batch-1")), batch, "golden");
    }

    @Test
    void dictionariesChooseTheWidthOfCodes() {
        for (int distinct : new int[] {1, 256, 257, 65_536}) {
            var builder = new RowBatchBuilder(1);
            var column = builder.column(1, ColumnType.BINARY);
            for (int row = 0; row < distinct; row++) {
                builder.addRow();
                column.put(Integer.toString(row));
            }
            var batch = builder.build();
            SomeRows.assertSame(
                    RowBatchCodec.decode(RowBatchCodec.encode(batch)), batch, "n " + distinct);
        }
    }

    private static RowBatch goldenBatch() {
        var someNull = Optional.of(new long[] {0b101});
        byte[][] hosts = {
            "a".getBytes(StandardCharsets.UTF_8), "ü".getBytes(StandardCharsets.UTF_8)
        };
        return new RowBatch(
                3,
                3,
                List.of(
                        new Bytes(
                                1, ColumnType.STRING, Optional.empty(), hosts, new int[] {1, 0, 1}),
                        new Longs(
                                2,
                                ColumnType.TIMESTAMP_MILLISECOND,
                                Optional.empty(),
                                new long[] {-1, 0, 1_700_000_000_000L}),
                        new Doubles(
                                300,
                                ColumnType.FLOAT64,
                                someNull,
                                new double[] {0.5, 0, Double.NaN})));
    }

    private static ByteWriter header(int form, int rows, int columns) {
        return new ByteWriter().u8(form).varint(1).varint(rows).varint(columns);
    }

    /// One row; the first of `columns` columns up to its type.
    private static ByteWriter longs(int columns, ColumnType type) {
        return header(1, 1, columns).varint(5).u8(type.tag());
    }

    private static byte[] oneLong() {
        return new ByteWriter().varint(5).u8(ColumnType.INT64.tag()).u8(0).i64(0).toBytes();
    }

    private static void assertCorrupt(byte[] bytes) {
        assertThatThrownBy(() -> RowBatchCodec.decode(bytes)).isInstanceOf(Corrupt.class);
    }

    private static void decodesOrIsCorrupt(byte[] bytes) {
        try {
            var batch = RowBatchCodec.decode(bytes);
            assertThat(RowBatchCodec.decode(RowBatchCodec.encode(batch)).rowCount())
                    .isEqualTo(batch.rowCount());
        } catch (Corrupt e) {
            assertThat(e).hasMessageContaining("malformed");
        }
    }

    @Test
    void readerAndWriterAgreeOnUnsignedCodes() {
        int[] codes = {0, 1, 255};
        var out = new ByteWriter().codes(codes, 3, 1).codes(codes, 3, 2).codes(codes, 3, 4);
        var in = new ByteReader(out.toBytes());
        assertThat(in.codes(3, 1)).isEqualTo(codes);
        assertThat(in.codes(3, 2)).isEqualTo(codes);
        assertThat(in.codes(3, 4)).isEqualTo(codes);
    }
}
