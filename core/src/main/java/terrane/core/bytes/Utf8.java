package terrane.core.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Whether bytes are UTF-8, without making a string of them: rows carry text as bytes, and DuckDB
/// refuses a whole batch for one malformed value.
public final class Utf8 {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    public static boolean wellFormed(byte[] bytes) {
        return wellFormed(bytes, 0, bytes.length);
    }

    /// As the Unicode standard has it (table 3-7): no overlong forms, no surrogates, nothing above
    /// U+10FFFF.
    public static boolean wellFormed(byte[] bytes, int from, int length) {
        int end = from + length;
        int at = from;
        while (at + 8 <= end && ((long) LONG.get(bytes, at) & HIGH_BITS) == 0) {
            at += 8;
        }
        while (at < end) {
            int width = width(bytes, at, end);
            if (width == 0) {
                return false;
            }
            at += width;
        }
        return true;
    }

    /// @return how many bytes the character at `at` takes; 0 if it is malformed
    private static int width(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        int width = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
        if (width == 0 || at + width > end) {
            return 0;
        }
        int second = bytes[at + 1] & 0xFF;
        int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int i = 2; i < width; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return width;
    }
}
