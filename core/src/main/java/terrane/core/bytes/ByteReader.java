package terrane.core.bytes;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Reads what [ByteWriter] wrote, in the same order. Not thread-safe.
///
/// Every method throws [TerraneException.Corrupt] when the bytes end early or cannot be right.
public final class ByteReader {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    public ByteReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteReader(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.at = from;
        this.end = from + length;
    }

    public int position() {
        return at;
    }

    public int remaining() {
        return end - at;
    }

    private int take(long count) {
        if (count < 0 || count > end - at) {
            throw corrupt("needs %d bytes, has %d".formatted(count, end - at));
        }
        int from = at;
        at += (int) count;
        return from;
    }

    /// For a caller that finds a field impossible: the exception to throw, with the position.
    public TerraneException.Corrupt corrupt(String what) {
        return TerraneException.corrupt(
                ErrorCode.CORRUPT_RECORD, "malformed bytes: %s, position=%d", what, at);
    }

    public int u8() {
        return bytes[take(1)] & 0xFF;
    }

    public boolean bool() {
        int value = u8();
        if (value > 1) {
            throw corrupt("boolean is " + value);
        }
        return value == 1;
    }

    public int i32() {
        return (int) INT.get(bytes, take(4));
    }

    public long i64() {
        return (long) LONG.get(bytes, take(8));
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw corrupt("number longer than ten bytes");
    }

    /// A varint that is a non-negative int.
    public int varint32() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw corrupt("number out of range " + value);
        }
        return (int) value;
    }

    public long signed() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /// A count of things that take at least `bytesEach` bytes each, so that a malformed count
    /// cannot ask for more memory than its input could fill.
    public int count(int bytesEach) {
        int count = varint32();
        if ((long) count * bytesEach > remaining()) {
            throw corrupt("count " + count + " does not fit into the bytes");
        }
        return count;
    }

    public byte[] raw(int length) {
        int from = take(length);
        return java.util.Arrays.copyOfRange(bytes, from, from + length);
    }

    public byte[] bytes() {
        return raw(count(1));
    }

    public String string() {
        int length = count(1);
        int from = take(length);
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    public UUID uuid() {
        return new UUID(i64(), i64());
    }

    public long[] longs(int count) {
        int from = take(8L * count);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = (long) LONG.get(bytes, from + i * 8);
        }
        return values;
    }

    public double[] doubles(int count) {
        int from = take(8L * count);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = Double.longBitsToDouble((long) LONG.get(bytes, from + i * 8));
        }
        return values;
    }

    /// Numbers of `bytesEach` (1, 2 or 4) bytes; of 1 and 2 bytes they are unsigned.
    public int[] codes(int count, int bytesEach) {
        int from = take((long) bytesEach * count);
        int[] values = new int[count];
        switch (bytesEach) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = bytes[from + i] & 0xFF;
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (short) SHORT.get(bytes, from + i * 2) & 0xFFFF;
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (int) INT.get(bytes, from + i * 4);
                }
            }
        }
        return values;
    }

    /// An unmodifiable list.
    public <T> List<T> list(Function<ByteReader, T> field) {
        int count = count(1);
        var values = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            values.add(field.apply(this));
        }
        return Collections.unmodifiableList(values);
    }

    public <T> Optional<T> optional(Function<ByteReader, T> field) {
        return bool() ? Optional.of(field.apply(this)) : Optional.empty();
    }

    /// Checks that a stored form's version is one that this code knows.
    ///
    /// @return the version, from 1 to `newest`
    public int version(int newest, String form) {
        int version = u8();
        if (version < 1 || version > newest) {
            throw corrupt(
                    "%s has version %d, this program reads 1 to %d"
                            .formatted(form, version, newest));
        }
        return version;
    }

    /// @throws TerraneException.Corrupt if anything is left
    public void end(String form) {
        if (remaining() != 0) {
            throw corrupt(remaining() + " bytes left after " + form);
        }
    }
}
