package terrane.query.select;

import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.HexFormat;

/// Values as JSON shows them, and the names of their types as GreptimeDB has them.
final class Cells {
    private Cells() {}

    static String label(Field field) {
        ArrowType kind = field.getType();
        return switch (kind) {
            case ArrowType.Bool _ -> "Boolean";
            case ArrowType.Int type -> (type.getIsSigned() ? "Int" : "UInt") + type.getBitWidth();
            case ArrowType.FloatingPoint type ->
                    type.getPrecision() == FloatingPointPrecision.SINGLE ? "Float32" : "Float64";
            case ArrowType.Timestamp type ->
                    switch (type.getUnit()) {
                        case SECOND -> "TimestampSecond";
                        case MILLISECOND -> "TimestampMillisecond";
                        case MICROSECOND -> "TimestampMicrosecond";
                        case NANOSECOND -> "TimestampNanosecond";
                    };
            case ArrowType.Date _ -> "Date";
            case ArrowType.Binary _ -> "Binary";
            case ArrowType.Decimal type ->
                    type.getScale() == 0
                            ? "Int64"
                            : "Decimal128(" + type.getPrecision() + ", " + type.getScale() + ")";
            default -> "String";
        };
    }

    static @Nullable Object cell(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector) {
            case BitVector bits -> bits.get(row) != 0;
            case BigIntVector longs -> longs.get(row);
            case UInt1Vector bytes -> bytes.get(row) & 0xFFL;
            case UInt2Vector shorts -> (long) shorts.get(row);
            case UInt4Vector ints -> Integer.toUnsignedLong(ints.get(row));
            case UInt8Vector longs -> whole(new BigInteger(Long.toUnsignedString(longs.get(row))));
            case Float4Vector floats -> finite(Double.parseDouble(Float.toString(floats.get(row))));
            case Float8Vector doubles -> finite(doubles.get(row));
            case TimeStampVector times -> times.get(row);
            case DateDayVector days -> LocalDate.ofEpochDay(days.get(row)).toString();
            case DecimalVector decimals -> decimal(decimals.getObject(row));
            case VarBinaryVector binary -> HexFormat.of().formatHex(binary.get(row));
            default -> other(vector.getObject(row));
        };
    }

    private static @Nullable Object finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Object whole(BigInteger value) {
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    /// A sum of integers is a decimal without a fraction, in DuckDB's eyes.
    private static Object decimal(BigDecimal value) {
        return value.scale() == 0 ? whole(value.toBigInteger()) : value.toPlainString();
    }

    private static Object other(Object value) {
        return switch (value) {
            case Byte number -> number.longValue();
            case Short number -> number.longValue();
            case Integer number -> number.longValue();
            default -> value.toString();
        };
    }
}
