package terrane.core.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Numbers the distinct values of one column in the order in which they come: a hash table with
/// linear probing, because a map would make an object for every lookup.
final class Dictionary {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private byte[][] entries = new byte[8][];
    private int[] hashes = new int[8];
    private int size;

    /// Code + 1 at each taken place; at most half full.
    private int[] table = new int[16];

    /// Neighbouring rows often have one value.
    private int last = -1;

    byte[][] entries() {
        return Arrays.copyOf(entries, size);
    }

    int code(byte[] value, int from, int length) {
        if (last >= 0 && equal(entries[last], value, from, length)) {
            return last;
        }
        int hash = hash(value, from, length);
        int place = hash & (table.length - 1);
        while (table[place] != 0) {
            int code = table[place] - 1;
            if (hashes[code] == hash && equal(entries[code], value, from, length)) {
                last = code;
                return code;
            }
            place = (place + 1) & (table.length - 1);
        }
        last = add(Arrays.copyOfRange(value, from, from + length), hash, place);
        return last;
    }

    private int add(byte[] entry, int hash, int place) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        entries[size] = entry;
        hashes[size] = hash;
        table[place] = ++size;
        if (size * 2 > table.length) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        table = new int[table.length * 2];
        for (int code = 0; code < size; code++) {
            int place = hashes[code] & (table.length - 1);
            while (table[place] != 0) {
                place = (place + 1) & (table.length - 1);
            }
            table[place] = code + 1;
        }
    }

    private static boolean equal(byte[] entry, byte[] value, int from, int length) {
        return entry.length == length
                && Arrays.equals(entry, 0, length, value, from, from + length);
    }

    private static int hash(byte[] value, int from, int length) {
        long hash = length * MULTIPLIER;
        int at = from;
        int end = from + length;
        for (; at + 8 <= end; at += 8) {
            hash = (hash ^ (long) LONG.get(value, at)) * MULTIPLIER;
            hash ^= hash >>> 32;
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = (rest << 8) | (value[at] & 0xFF);
        }
        hash = (hash ^ rest) * MULTIPLIER;
        return (int) (hash ^ (hash >>> 32));
    }
}
