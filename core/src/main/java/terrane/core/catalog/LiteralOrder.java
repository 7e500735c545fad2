package terrane.core.catalog;

import terrane.core.Invariant;
import terrane.core.catalog.Literal.Real;
import terrane.core.catalog.Literal.Text;
import terrane.core.catalog.Literal.Whole;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/// The order of constants of one column: text by its UTF-8 bytes, unsigned; numbers by value, with
/// one zero and NaN above everything, as DuckDB orders them.
public enum LiteralOrder implements Comparator<Literal> {
    BYTES {
        @Override
        public int compare(Literal first, Literal second) {
            return Arrays.compareUnsigned(bytes(first), bytes(second));
        }
    },
    SIGNED {
        @Override
        public int compare(Literal first, Literal second) {
            return Long.compare(whole(first), whole(second));
        }
    },
    UNSIGNED {
        @Override
        public int compare(Literal first, Literal second) {
            return Long.compareUnsigned(whole(first), whole(second));
        }
    },
    REAL {
        @Override
        public int compare(Literal first, Literal second) {
            // Adding zero makes the negative zero positive.
            return Double.compare(real(first) + 0.0, real(second) + 0.0);
        }
    };

    public static LiteralOrder of(ColumnType type) {
        return switch (type.physical()) {
            case BYTES -> BYTES;
            case DOUBLE -> REAL;
            case LONG -> type == ColumnType.UINT64 ? UNSIGNED : SIGNED;
        };
    }

    /// Whether constants of this kind are what the order compares.
    public boolean compares(Literal literal) {
        return switch (this) {
            case BYTES -> literal instanceof Text;
            case SIGNED, UNSIGNED -> literal instanceof Whole;
            case REAL -> literal instanceof Real;
        };
    }

    private static byte[] bytes(Literal literal) {
        Invariant.check(literal instanceof Text, "not text: %s", literal);
        return ((Text) literal).value().getBytes(StandardCharsets.UTF_8);
    }

    private static long whole(Literal literal) {
        Invariant.check(literal instanceof Whole, "not a whole number: %s", literal);
        return ((Whole) literal).value();
    }

    private static double real(Literal literal) {
        Invariant.check(literal instanceof Real, "not a real number: %s", literal);
        return ((Real) literal).value();
    }
}
