package terrane.core.time;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.math.BigInteger;
import java.time.Duration;

/// Durations as people write them: the notation of the `humantime` crate, which GreptimeDB's users
/// know. `5m`, `1h30m10s`, `300s`, `1500ms`, `1day 2h`.
public final class Durations {
    private static final BigInteger NANOS_MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final long SECOND = 1_000_000_000L;

    private Durations() {}

    /// Reads what is longer than nothing, and not above 292 years.
    ///
    /// @param parameter what the text was given for, to be named by the message
    /// @throws TerraneException.Rejected if it is not such a duration
    public static Duration parse(String parameter, String text) {
        var total = BigInteger.ZERO;
        int at = blanks(text, 0);
        if (at == text.length()) {
            throw malformed(parameter, text, "it is empty");
        }
        while (at < text.length()) {
            int unitAt = skip(text, at, true);
            int end = skip(text, unitAt, false);
            if (unitAt == at) {
                throw malformed(parameter, text, "a number is missing");
            }
            String number = text.substring(at, unitAt).replace(" ", "");
            String unit = text.substring(unitAt, end);
            total = total.add(nanos(parameter, text, unit).multiply(new BigInteger(number)));
            at = blanks(text, end);
        }
        if (total.signum() == 0) {
            throw malformed(parameter, text, "it must be longer than zero");
        }
        if (total.compareTo(NANOS_MAX) > 0) {
            throw malformed(parameter, text, "it is longer than 292 years");
        }
        return Duration.ofNanos(total.longValueExact());
    }

    private static int blanks(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /// Over digits, and the blanks among and after them; or over letters.
    private static int skip(String text, int from, boolean number) {
        int at = from;
        while (at < text.length() && belongs(text.charAt(at), number && at > from, number)) {
            at++;
        }
        return at;
    }

    private static boolean belongs(char c, boolean blankToo, boolean number) {
        if (number) {
            return (c >= '0' && c <= '9') || (blankToo && c == ' ');
        }
        return Character.isLetter(c);
    }

    private static BigInteger nanos(String parameter, String text, String unit) {
        long nanos =
                switch (unit) {
                    case "nanos", "nsec", "ns" -> 1L;
                    case "usec", "us", "µs" -> 1_000L;
                    case "millis", "msec", "ms" -> 1_000_000L;
                    case "seconds", "second", "secs", "sec", "s" -> SECOND;
                    case "minutes", "minute", "mins", "min", "m" -> 60 * SECOND;
                    case "hours", "hour", "hrs", "hr", "h" -> 3_600 * SECOND;
                    case "days", "day", "d" -> 86_400 * SECOND;
                    case "weeks", "week", "wks", "wk", "w" -> 7 * 86_400 * SECOND;
                    // 30.44 and 365.25 days, as humantime has them.
                    case "months", "month", "M" -> 2_630_016 * SECOND;
                    case "years", "year", "yrs", "yr", "y" -> 31_557_600 * SECOND;
                    case "" -> throw malformed(parameter, text, "a number has no unit");
                    default -> throw malformed(parameter, text, "unknown unit '" + unit + "'");
                };
        return BigInteger.valueOf(nanos);
    }

    private static TerraneException.Rejected malformed(
            String parameter, String text, String reason) {
        return TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT,
                "%s is not a duration: '%s', %s (example: %s=5m, or 1h30m10s, 300s, 1500ms)",
                parameter,
                text,
                reason,
                parameter);
    }

    /// As [#parse] reads it, without loss: `1h30m10s`, `1500us`; nothing is `0s`.
    public static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        var text = new StringBuilder(duration.isNegative() ? "-" : "");
        var left = duration.abs();
        append(text, left.toDays(), "d");
        append(text, left.toHoursPart(), "h");
        append(text, left.toMinutesPart(), "m");
        append(text, left.toSecondsPart(), "s");
        int nanos = left.toNanosPart();
        if (nanos % 1_000_000 == 0) {
            append(text, nanos / 1_000_000, "ms");
        } else if (nanos % 1_000 == 0) {
            append(text, nanos / 1_000, "us");
        } else {
            append(text, nanos, "ns");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count != 0) {
            text.append(count).append(unit);
        }
    }
}
