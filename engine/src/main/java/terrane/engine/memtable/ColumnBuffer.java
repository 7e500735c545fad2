package terrane.engine.memtable;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

import terrane.core.Invariant;
import terrane.core.catalog.ColumnType;
import terrane.core.rows.ColumnValues;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The values of one column in one chunk, in Arrow's layout, appended in place. Fixed-width buffers
/// have their full size from the start; the bytes of strings move to a larger buffer when they
/// outgrow theirs, and who has frozen the column keeps the old one.
final class ColumnBuffer implements AutoCloseable {
    private static final int BYTES_PER_STRING = 16;

    private final BufferAllocator allocator;
    private final ColumnType type;
    private final int width;
    private final ArrowBuf validity;
    private final ArrowBuf values;
    private final MemorySegment validityBits;
    private final MemorySegment cells;
    private @Nullable ArrowBuf bytes;
    private MemorySegment text = MemorySegment.NULL;
    private int nullCount;

    ColumnBuffer(BufferAllocator allocator, ColumnType type, int capacity) {
        this.allocator = allocator;
        this.type = type;
        this.width = width(type);
        this.validity = allocator.buffer(bitBytes(capacity));
        this.validityBits = segment(validity);
        validityBits.fill((byte) 0);
        this.values = allocator.buffer(valuesBytes(capacity));
        this.cells = segment(values);
        if (width <= 0) {
            cells.fill((byte) 0);
        }
        if (isText()) {
            this.bytes = allocator.buffer((long) capacity * BYTES_PER_STRING);
            this.text = segment(bytes);
        }
    }

    /// Bytes per value; 0 for bits, -1 for strings.
    static int width(ColumnType type) {
        return switch (type) {
            case STRING, BINARY -> -1;
            case BOOLEAN -> 0;
            case INT8, UINT8 -> 1;
            case INT16, UINT16 -> 2;
            case INT32, UINT32, FLOAT32, DATE -> 4;
            case INT64,
                    UINT64,
                    FLOAT64,
                    TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    8;
        };
    }

    static MemorySegment segment(ArrowBuf buffer) {
        return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(buffer.capacity());
    }

    static long bitBytes(int count) {
        return (count + 63L) / 64 * 8;
    }

    private boolean isText() {
        return width < 0;
    }

    private long valuesBytes(int capacity) {
        if (isText()) {
            return (capacity + 1L) * Integer.BYTES;
        }
        return width == 0 ? bitBytes(capacity) : (long) capacity * width;
    }

    long sizeBytes() {
        return validity.capacity() + values.capacity() + text.byteSize();
    }

    /// How many bytes of strings the first `rows` rows take.
    int textBytes(int rows) {
        return isText() ? cells.get(ValueLayout.JAVA_INT, rows * 4L) : 0;
    }

    /// Appends rows `from` up to `from + count` of the batch's column behind the first `at` rows.
    void append(ColumnValues column, int from, int count, int at) {
        validate(column, from, count, at);
        switch (column) {
            case ColumnValues.Longs longs -> longs(longs.values(), from, count, at);
            case ColumnValues.Doubles doubles -> doubles(doubles.values(), from, count, at);
            case ColumnValues.Bytes strings -> strings(strings, from, count, at);
        }
    }

    void appendNulls(int count, int at) {
        nullCount += count;
        if (isText()) {
            int end = textBytes(at);
            for (int i = 1; i <= count; i++) {
                cells.set(ValueLayout.JAVA_INT, (at + i) * 4L, end);
            }
        } else if (width > 0) {
            cells.asSlice((long) at * width, (long) count * width).fill((byte) 0);
        }
    }

    /// The same value in every row.
    void appendConstant(long value, int count, int at) {
        setBits(validityBits, at, count);
        for (int i = 0; i < count; i++) {
            cells.setAtIndex(ValueLayout.JAVA_LONG, at + i, value);
        }
    }

    /// Of a column of 64-bit values.
    long longAt(int row) {
        return cells.getAtIndex(ValueLayout.JAVA_LONG, row);
    }

    /// `first`, `first + 1`, …
    void appendSequence(int first, int count, int at) {
        setBits(validityBits, at, count);
        for (int i = 0; i < count; i++) {
            cells.setAtIndex(ValueLayout.JAVA_INT, at + i, first + i);
        }
    }

    private void validate(ColumnValues column, int from, int count, int at) {
        if (column.validity().isEmpty()) {
            setBits(validityBits, at, count);
            return;
        }
        long[] words = column.validity().get();
        for (int i = 0; i < count; i++) {
            int row = from + i;
            if ((words[row >> 6] & (1L << row)) != 0) {
                setBit(validityBits, at + i);
            } else {
                nullCount++;
            }
        }
    }

    private void longs(long[] source, int from, int count, int at) {
        switch (width) {
            case 0 -> {
                for (int i = 0; i < count; i++) {
                    if (source[from + i] != 0) {
                        setBit(cells, at + i);
                    }
                }
            }
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    cells.set(ValueLayout.JAVA_BYTE, at + i, (byte) source[from + i]);
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    cells.setAtIndex(ValueLayout.JAVA_SHORT, at + i, (short) source[from + i]);
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    cells.setAtIndex(ValueLayout.JAVA_INT, at + i, (int) source[from + i]);
                }
            }
            default ->
                    MemorySegment.copy(source, from, cells, ValueLayout.JAVA_LONG, at * 8L, count);
        }
    }

    private void doubles(double[] source, int from, int count, int at) {
        if (width == 8) {
            MemorySegment.copy(source, from, cells, ValueLayout.JAVA_DOUBLE, at * 8L, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            cells.setAtIndex(ValueLayout.JAVA_FLOAT, at + i, (float) source[from + i]);
        }
    }

    private void strings(ColumnValues.Bytes strings, int from, int count, int at) {
        int end = textBytes(at);
        int length = Math.toIntExact(added(strings, from, count));
        reserve(end, length);
        // Put together on the heap and moved at once: most strings are a few bytes long, and a copy
        // out of the heap costs more than that.
        byte[] joined = new byte[length];
        int[] ends = new int[count];
        int used = 0;
        for (int i = 0; i < count; i++) {
            if (!strings.isNull(from + i)) {
                byte[] value = strings.dictionary()[strings.codes()[from + i]];
                System.arraycopy(value, 0, joined, used, value.length);
                used += value.length;
            }
            ends[i] = end + used;
        }
        MemorySegment.copy(joined, 0, text, ValueLayout.JAVA_BYTE, end, length);
        MemorySegment.copy(ends, 0, cells, ValueLayout.JAVA_INT, (at + 1L) * 4L, count);
    }

    /// How many bytes the rows' strings will take, written out.
    static long added(ColumnValues.Bytes strings, int from, int count) {
        long length = 0;
        for (int i = from; i < from + count; i++) {
            length += strings.isNull(i) ? 0 : strings.dictionary()[strings.codes()[i]].length;
        }
        return length;
    }

    private void reserve(int used, long added) {
        long needed = used + added;
        if (needed <= text.byteSize()) {
            return;
        }
        Invariant.check(needed <= Integer.MAX_VALUE, "string bytes in a chunk=%d", needed);
        var larger = allocator.buffer(Math.max(needed, 2 * text.byteSize()));
        var target = segment(larger);
        MemorySegment.copy(text, 0, target, 0, used);
        if (bytes != null) {
            bytes.close();
        }
        bytes = larger;
        text = target;
    }

    static boolean bit(MemorySegment bits, int index) {
        return (bits.get(ValueLayout.JAVA_BYTE, index >> 3) & 1 << (index & 7)) != 0;
    }

    static void setBit(MemorySegment bits, int index) {
        long at = index >> 3;
        int old = bits.get(ValueLayout.JAVA_BYTE, at);
        bits.set(ValueLayout.JAVA_BYTE, at, (byte) (old | 1 << (index & 7)));
    }

    private static void setBits(MemorySegment bits, int from, int count) {
        int at = from;
        int end = from + count;
        while (at < end && (at & 7) != 0) {
            setBit(bits, at++);
        }
        int whole = (end - at) / 8;
        if (whole > 0) {
            bits.asSlice(at >> 3, whole).fill((byte) 0xFF);
            at += whole * 8;
        }
        while (at < end) {
            setBit(bits, at++);
        }
    }

    /// The first `rows` rows for good: its buffers are kept until it is closed, whatever happens to
    /// this one. Bits of later rows may still appear in shared bytes, which nobody looks at.
    FrozenColumn freeze(int rows) {
        var frozen = new FrozenColumn(type, rows, nullCount, validity, values, bytes);
        frozen.retain();
        return frozen;
    }

    @Override
    public void close() {
        validity.close();
        values.close();
        if (bytes != null) {
            bytes.close();
        }
    }
}
