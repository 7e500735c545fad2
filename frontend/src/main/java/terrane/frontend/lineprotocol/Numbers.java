package terrane.frontend.lineprotocol;

import java.nio.charset.StandardCharsets;

/// Reads numbers from bytes. Not thread-safe: the value stands here until the next is read.
final class Numbers {
    /// Powers of ten up to here are exact as doubles, and so are integers up to 2^53: one division
    /// of the two is rounded once, which is what the correct result is (Clinger, 1990).
    private static final double[] POWERS = new double[23];

    private static final long EXACT_MAX = 1L << 53;
    private static final int DIGITS_MAX = 18;

    static {
        double power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private long value;

    /// What [#whole] or [#unsigned] has read.
    long value() {
        return value;
    }

    /// @return NaN if it is not a finite decimal number
    static double real(byte[] in, int from, int to) {
        int at = from;
        boolean negative = at < to && in[at] == '-';
        if (at < to && (in[at] == '-' || in[at] == '+')) {
            at++;
        }
        long mantissa = 0;
        int digits = 0;
        int fraction = 0;
        int point = -1;
        for (; at < to; at++) {
            int digit = in[at] - '0';
            if (digit >= 0 && digit <= 9) {
                mantissa = digits < DIGITS_MAX ? mantissa * 10 + digit : mantissa;
                digits++;
                fraction += point >= 0 ? 1 : 0;
            } else if (in[at] == '.' && point < 0) {
                point = at;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return Double.NaN;
        }
        if (at == to && digits <= DIGITS_MAX && mantissa <= EXACT_MAX && fraction < POWERS.length) {
            double exact = mantissa / POWERS[fraction];
            return negative ? -exact : exact;
        }
        return at == to || exponent(in, at, to) ? slow(in, from, to) : Double.NaN;
    }

    private static boolean exponent(byte[] in, int from, int to) {
        if (in[from] != 'e' && in[from] != 'E') {
            return false;
        }
        int at = from + 1;
        if (at < to && (in[at] == '-' || in[at] == '+')) {
            at++;
        }
        int first = at;
        while (at < to && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        return at == to && at > first;
    }

    private static double slow(byte[] in, int from, int to) {
        var text = new String(in, from, to - from, StandardCharsets.ISO_8859_1);
        double value = Double.parseDouble(text);
        return Double.isInfinite(value) ? Double.NaN : value;
    }

    /// @return whether it is a signed 64-bit decimal
    boolean whole(byte[] in, int from, int to) {
        boolean negative = from < to && in[from] == '-';
        int first = from < to && (negative || in[from] == '+') ? from + 1 : from;
        if (!unsigned(in, first, to)) {
            return false;
        }
        // As an unsigned number, so that the least long, whose magnitude is no long, passes.
        if (Long.compareUnsigned(value, negative ? Long.MIN_VALUE : Long.MAX_VALUE) > 0) {
            return false;
        }
        value = negative ? -value : value;
        return true;
    }

    /// @return whether it is an unsigned 64-bit decimal without a sign
    boolean unsigned(byte[] in, int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            int digit = in[at] - '0';
            if (digit < 0 || digit > 9 || (at - from >= DIGITS_MAX && overflows(sum, digit))) {
                return false;
            }
            sum = sum * 10 + digit;
        }
        value = sum;
        return from < to;
    }

    private static boolean overflows(long sum, int digit) {
        long tenth = Long.divideUnsigned(-1L, 10);
        int byTenth = Long.compareUnsigned(sum, tenth);
        return byTenth > 0 || (byTenth == 0 && digit > 5);
    }
}
