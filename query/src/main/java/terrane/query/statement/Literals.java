package terrane.query.statement;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.ColumnType;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// Fits constants to columns, or says why they do not fit.
public final class Literals {
    private static final BigInteger UINT64_MAX =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Literals() {}

    /// Timestamps may be given as integers in the column's unit or as ISO text (UTC unless an
    /// offset is written).
    ///
    /// @param now what `now()` stands for
    /// @throws terrane.core.TerraneException.Rejected with `TYPE_MISMATCH`
    public static Cell toColumn(Value value, ColumnType type, Instant now) {
        if (value instanceof Value.Null) {
            return new Cell.Null();
        }
        return switch (type) {
            case STRING -> string(value, type);
            case BINARY -> binary(value, type);
            case BOOLEAN -> bool(value, type);
            case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> whole(value, type);
            case FLOAT32, FLOAT64 -> real(value, type);
            case DATE -> date(value, type, now);
            case TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    timestamp(value, type, now);
        };
    }

    private static Cell string(Value value, ColumnType type) {
        if (value instanceof Value.Text text) {
            return new Cell.Bytes(text.value().getBytes(StandardCharsets.UTF_8));
        }
        throw mismatch(value, type, "write it in '…'");
    }

    private static Cell binary(Value value, ColumnType type) {
        return switch (value) {
            case Value.Bytes bytes -> new Cell.Bytes(bytes.value());
            case Value.Text text -> new Cell.Bytes(text.value().getBytes(StandardCharsets.UTF_8));
            case Value.Null _, Value.Bool _, Value.Whole _, Value.Real _, Value.Now _ ->
                    throw mismatch(value, type, "write X'0aff'");
        };
    }

    private static Cell bool(Value value, ColumnType type) {
        if (value instanceof Value.Bool bool) {
            return new Cell.Whole(bool.value() ? 1 : 0);
        }
        throw mismatch(value, type, "write TRUE or FALSE");
    }

    private static Cell whole(Value value, ColumnType type) {
        if (!(value instanceof Value.Whole whole)) {
            throw mismatch(value, type, "write an integer");
        }
        var min = smallest(type);
        var max = largest(type);
        if (whole.value().compareTo(min) < 0 || whole.value().compareTo(max) > 0) {
            throw mismatch(value, type, "it must be from " + min + " to " + max);
        }
        return new Cell.Whole(whole.value().longValue());
    }

    /// The least value of an integer type.
    static BigInteger smallest(ColumnType type) {
        return unsigned(type) ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(bits(type) - 1).negate();
    }

    /// The greatest value of an integer type.
    static BigInteger largest(ColumnType type) {
        if (type == ColumnType.UINT64) {
            return UINT64_MAX;
        }
        int magnitude = unsigned(type) ? bits(type) : bits(type) - 1;
        return BigInteger.ONE.shiftLeft(magnitude).subtract(BigInteger.ONE);
    }

    private static boolean unsigned(ColumnType type) {
        return type == ColumnType.UINT8
                || type == ColumnType.UINT16
                || type == ColumnType.UINT32
                || type == ColumnType.UINT64;
    }

    private static int bits(ColumnType type) {
        return switch (type) {
            case INT8, UINT8 -> 8;
            case INT16, UINT16 -> 16;
            case INT32, UINT32, DATE -> 32;
            case STRING,
                    BINARY,
                    BOOLEAN,
                    INT64,
                    UINT64,
                    FLOAT32,
                    FLOAT64,
                    TIMESTAMP_SECOND,
                    TIMESTAMP_MILLISECOND,
                    TIMESTAMP_MICROSECOND,
                    TIMESTAMP_NANOSECOND ->
                    64;
        };
    }

    private static Cell real(Value value, ColumnType type) {
        double real =
                switch (value) {
                    case Value.Real number -> number.value();
                    case Value.Whole number -> number.value().doubleValue();
                    case Value.Null _, Value.Bool _, Value.Text _, Value.Bytes _, Value.Now _ ->
                            throw mismatch(value, type, "write a number");
                };
        boolean fits =
                type == ColumnType.FLOAT64 ? Double.isFinite(real) : Float.isFinite((float) real);
        if (!fits) {
            throw mismatch(value, type, "it is beyond the largest number of this type");
        }
        return new Cell.Real(type == ColumnType.FLOAT64 ? real : (float) real);
    }

    private static Cell date(Value value, ColumnType type, Instant now) {
        return switch (value) {
            case Value.Text text ->
                    new Cell.Whole(
                            IsoTimes.date(text.value())
                                    .orElseThrow(() -> mismatch(value, type, "write '2026-11-22'"))
                                    .toEpochDay());
            case Value.Now _ -> new Cell.Whole(Math.floorDiv(now.getEpochSecond(), 86_400L));
            case Value.Null _, Value.Bool _, Value.Whole _, Value.Real _, Value.Bytes _ ->
                    throw mismatch(value, type, "write '2026-11-22'");
        };
    }

    private static Cell timestamp(Value value, ColumnType type, Instant now) {
        return switch (value) {
            case Value.Whole whole -> {
                if (whole.value().bitLength() > 63) {
                    throw mismatch(value, type, "it does not fit into 64 bits");
                }
                yield new Cell.Whole(whole.value().longValue());
            }
            case Value.Text text -> {
                var instant =
                        IsoTimes.instant(text.value())
                                .orElseThrow(() ->
                                        mismatch(
                                                value,
                                                type,
                                                "write '2026-11-22T16:40:00.123Z', or an"
                                                        + " integer in the column's unit"));
                yield new Cell.Whole(
                        inUnit(instant, type).orElseThrow(() -> outOfRange(value, type)));
            }
            case Value.Now _ ->
                    new Cell.Whole(inUnit(now, type).orElseThrow(() -> outOfRange(value, type)));
            case Value.Null _, Value.Bool _, Value.Real _, Value.Bytes _ ->
                    throw mismatch(
                            value, type, "write an integer in the column's unit, or ISO text");
        };
    }

    /// @return since 1970 in the unit of `type`, rounded down; empty beyond 64 bits
    public static Optional<Long> inUnit(Instant instant, ColumnType type) {
        long units = type.unitsPerSecond();
        try {
            long seconds = Math.multiplyExact(instant.getEpochSecond(), units);
            return Optional.of(
                    Math.addExact(seconds, instant.getNano() / (1_000_000_000L / units)));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static TerraneException.Rejected outOfRange(Value value, ColumnType type) {
        return mismatch(value, type, "it is out of range; choose a coarser unit");
    }

    private static TerraneException.Rejected mismatch(Value value, ColumnType type, String advice) {
        String text = value.text();
        return TerraneException.rejected(
                ErrorCode.TYPE_MISMATCH,
                "%s is not a %s: %s",
                text.length() <= 60 ? text : text.substring(0, 60) + "…",
                type.label(),
                advice);
    }
}
