package terrane.frontend.lineprotocol;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

/// The unit of the timestamps of one request.
public enum Precision {
    NANOSECONDS(1L),
    MICROSECONDS(1_000L),
    MILLISECONDS(1_000_000L),
    SECONDS(1_000_000_000L),
    MINUTES(60_000_000_000L),
    HOURS(3_600_000_000_000L);

    private final long nanos;

    Precision(long nanos) {
        this.nanos = nanos;
    }

    /// How many nanoseconds one unit has.
    public long nanos() {
        return nanos;
    }

    /// Reads the parameter `precision` of either version of the API; empty means nanoseconds.
    ///
    /// @throws TerraneException.Rejected for anything else
    public static Precision parse(String text) {
        return switch (text) {
            case "", "ns", "n" -> NANOSECONDS;
            case "us", "u", "µ", "µs" -> MICROSECONDS;
            case "ms" -> MILLISECONDS;
            case "s" -> SECONDS;
            case "m" -> MINUTES;
            case "h" -> HOURS;
            default ->
                    throw TerraneException.rejected(
                            ErrorCode.INVALID_ARGUMENT,
                            "unknown precision '%s' (one of ns, us, ms, s, m, h)",
                            text);
        };
    }
}
