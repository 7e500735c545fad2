package terrane.core.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;

/// Appends fields to a growing byte array. Not thread-safe.
public final class ByteWriter {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    public ByteWriter() {
        this(64);
    }

    public ByteWriter(int capacityBytes) {
        bytes = new byte[Math.max(16, capacityBytes)];
    }

    public int size() {
        return size;
    }

    /// A copy of what was written.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private int grow(int more) {
        int at = size;
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(at, more), bytes.length * 2));
        }
        size = at + more;
        return at;
    }

    public ByteWriter u8(int value) {
        int at = grow(1);
        bytes[at] = (byte) value;
        return this;
    }

    public ByteWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    public ByteWriter i32(int value) {
        int at = grow(4);
        INT.set(bytes, at, value);
        return this;
    }

    public ByteWriter i64(long value) {
        int at = grow(8);
        LONG.set(bytes, at, value);
        return this;
    }

    /// An unsigned LEB128 number: one byte below 128, at most ten.
    public ByteWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            u8((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    /// A signed number, small magnitudes short (zigzag).
    public ByteWriter signed(long value) {
        return varint((value << 1) ^ (value >> 63));
    }

    public ByteWriter raw(byte[] source, int from, int length) {
        int at = grow(length);
        System.arraycopy(source, from, bytes, at, length);
        return this;
    }

    /// Length, then content.
    public ByteWriter bytes(byte[] value) {
        varint(value.length);
        return raw(value, 0, value.length);
    }

    /// Length in bytes, then UTF-8.
    public ByteWriter string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public ByteWriter uuid(UUID value) {
        return i64(value.getMostSignificantBits()).i64(value.getLeastSignificantBits());
    }

    /// Eight bytes for each number.
    public ByteWriter longs(long[] values, int count) {
        int at = grow(Math.multiplyExact(count, 8));
        for (int i = 0; i < count; i++) {
            LONG.set(bytes, at + i * 8, values[i]);
        }
        return this;
    }

    /// Eight bytes for each number: its IEEE 754 bits, unchanged.
    public ByteWriter doubles(double[] values, int count) {
        int at = grow(Math.multiplyExact(count, 8));
        for (int i = 0; i < count; i++) {
            LONG.set(bytes, at + i * 8, Double.doubleToRawLongBits(values[i]));
        }
        return this;
    }

    /// The lowest `bytesEach` (1, 2 or 4) bytes of each number.
    public ByteWriter codes(int[] values, int count, int bytesEach) {
        int at = grow(Math.multiplyExact(count, bytesEach));
        switch (bytesEach) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    bytes[at + i] = (byte) values[i];
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    SHORT.set(bytes, at + i * 2, (short) values[i]);
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    INT.set(bytes, at + i * 4, values[i]);
                }
            }
        }
        return this;
    }

    /// Count, then each element by `field`.
    public <T> ByteWriter list(Collection<T> values, BiConsumer<ByteWriter, T> field) {
        varint(values.size());
        values.forEach(value -> field.accept(this, value));
        return this;
    }

    /// One byte that says whether there is a value, then the value.
    public <T> ByteWriter optional(Optional<T> value, BiConsumer<ByteWriter, T> field) {
        bool(value.isPresent());
        value.ifPresent(present -> field.accept(this, present));
        return this;
    }
}
