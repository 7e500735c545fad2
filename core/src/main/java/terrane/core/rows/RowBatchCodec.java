package terrane.core.rows;

import terrane.core.Invariant;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Utf8;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.WholeRange;
import terrane.core.rows.ColumnValues.Bytes;
import terrane.core.rows.ColumnValues.Doubles;
import terrane.core.rows.ColumnValues.Longs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A [RowBatch] as bytes, as it stands in messages and in the log: `docs/formats/rows.md`. One
/// batch has one encoding, so that equal batches have equal sums.
public final class RowBatchCodec {
    private static final int FORM = 1;
    private static final int HAS_VALIDITY = 1;

    /// Id, type, flags: what the smallest column takes, in a batch without rows.
    private static final int COLUMN_BYTES_MIN = 3;

    private RowBatchCodec() {}

    /// @throws Invariant.Violated if the batch is not consistent: see [#decode]
    public static byte[] encode(RowBatch batch) {
        var out = new ByteWriter(sizeAtMost(batch));
        encode(batch, out);
        return out.toBytes();
    }

    private static void encode(RowBatch batch, ByteWriter out) {
        int rows = batch.rowCount();
        out.u8(FORM).varint(batch.schemaVersion()).varint(rows).varint(batch.columns().size());
        int previous = -1;
        for (var column : inOrder(batch.columns())) {
            Invariant.check(column.columnId() > previous, "column %d twice", column.columnId());
            previous = column.columnId();
            out.varint(column.columnId()).u8(column.type().tag());
            validity(out, column.validity(), rows);
            switch (column) {
                case Longs longs -> out.longs(longs.values(), rows);
                case Doubles doubles -> out.doubles(doubles.values(), rows);
                case Bytes bytes -> dictionary(out, bytes, rows);
            }
        }
    }

    private static List<ColumnValues> inOrder(List<ColumnValues> columns) {
        for (int i = 1; i < columns.size(); i++) {
            if (columns.get(i - 1).columnId() > columns.get(i).columnId()) {
                return columns.stream()
                        .sorted(Comparator.comparingInt(ColumnValues::columnId))
                        .toList();
            }
        }
        return columns;
    }

    private static void validity(ByteWriter out, Optional<long[]> validity, int rows) {
        out.u8(validity.isPresent() ? HAS_VALIDITY : 0);
        if (validity.isPresent() && rows > 0) {
            int last = words(rows) - 1;
            out.longs(validity.get(), last).i64(validity.get()[last] & lastMask(rows));
        }
    }

    private static void dictionary(ByteWriter out, Bytes column, int rows) {
        var dictionary = column.dictionary();
        out.varint(dictionary.length);
        for (byte[] entry : dictionary) {
            out.bytes(entry);
        }
        out.codes(column.codes(), rows, codeBytes(dictionary.length));
    }

    /// @throws terrane.core.TerraneException.Corrupt if the bytes are not a batch: ends early or
    ///   late, an unknown type, more than [RowBatch#ROWS_MAX] rows, columns out of order, a code
    ///   without an entry, text that is not UTF-8, an integer that its type cannot hold
    public static RowBatch decode(byte[] bytes) {
        var in = new ByteReader(bytes);
        in.version(FORM, "row batch");
        int schemaVersion = in.varint32();
        int rows = in.varint32();
        if (rows > RowBatch.ROWS_MAX) {
            throw in.corrupt("row count " + rows);
        }
        int count = in.count(COLUMN_BYTES_MIN);
        var columns = new ArrayList<ColumnValues>(count);
        int previous = -1;
        for (int i = 0; i < count; i++) {
            var column = column(in, rows);
            if (column.columnId() <= previous) {
                throw in.corrupt("column " + column.columnId() + " after " + previous);
            }
            previous = column.columnId();
            columns.add(column);
        }
        in.end("row batch");
        return new RowBatch(schemaVersion, rows, columns);
    }

    private static ColumnValues column(ByteReader in, int rows) {
        int id = in.varint32();
        int tag = in.u8();
        var type = ColumnType.ofTag(tag).orElseThrow(() -> in.corrupt("column type " + tag));
        var validity = validity(in, rows);
        return switch (type.physical()) {
            case LONG -> checked(in, new Longs(id, type, validity, in.longs(rows)));
            case DOUBLE -> new Doubles(id, type, validity, in.doubles(rows));
            case BYTES -> bytes(in, id, type, validity, rows);
        };
    }

    private static Optional<long[]> validity(ByteReader in, int rows) {
        int flags = in.u8();
        if ((flags & ~HAS_VALIDITY) != 0) {
            throw in.corrupt("column flags " + flags);
        }
        if (flags == 0) {
            return Optional.empty();
        }
        long[] words = in.longs(words(rows));
        if (rows > 0 && (words[words.length - 1] & ~lastMask(rows)) != 0) {
            throw in.corrupt("validity beyond row " + rows);
        }
        return Optional.of(words);
    }

    private static Bytes bytes(
            ByteReader in, int id, ColumnType type, Optional<long[]> validity, int rows) {
        byte[][] dictionary = new byte[in.count(1)][];
        for (int i = 0; i < dictionary.length; i++) {
            dictionary[i] = in.bytes();
            if (type == ColumnType.STRING && !Utf8.wellFormed(dictionary[i])) {
                throw in.corrupt("text is not utf-8");
            }
        }
        var column =
                new Bytes(
                        id,
                        type,
                        validity,
                        dictionary,
                        in.codes(rows, codeBytes(dictionary.length)));
        for (int row = 0; row < rows; row++) {
            int code = column.codes()[row];
            boolean absent = code == 0 && dictionary.length == 0 && column.isNull(row);
            if (!absent && (code < 0 || code >= dictionary.length)) {
                throw in.corrupt("code " + code + " of a dictionary of " + dictionary.length);
            }
        }
        return column;
    }

    private static Longs checked(ByteReader in, Longs column) {
        var range = WholeRange.of(column.type());
        if (range.everything()) {
            return column;
        }
        long[] values = column.values();
        for (int row = 0; row < values.length; row++) {
            if (!range.contains(values[row]) && !column.isNull(row)) {
                throw in.corrupt(values[row] + " as " + column.type().label());
            }
        }
        return column;
    }

    private static int codeBytes(int dictionarySize) {
        return dictionarySize <= 1 << 8 ? 1 : dictionarySize <= 1 << 16 ? 2 : 4;
    }

    private static int words(int rows) {
        return (rows + 63) >> 6;
    }

    /// The bits of the last word that stand for rows.
    private static long lastMask(int rows) {
        return -1L >>> (-rows & 63);
    }

    private static int sizeAtMost(RowBatch batch) {
        long size = 16;
        for (var column : batch.columns()) {
            size += 16 + 8L * words(batch.rowCount()) + 8L * batch.rowCount();
            if (column instanceof Bytes bytes) {
                for (byte[] entry : bytes.dictionary()) {
                    size += 5 + entry.length;
                }
            }
        }
        return (int) Math.min(size, 1 << 26);
    }
}
