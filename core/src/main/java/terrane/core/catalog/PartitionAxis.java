package terrane.core.catalog;

import terrane.core.Invariant;
import terrane.core.catalog.Literal.Real;
import terrane.core.catalog.Literal.Text;
import terrane.core.catalog.Literal.Whole;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// One partition column, cut at every constant that the rule compares it with: what lies below the
/// first (null too), each constant itself, and what lies between and above them. Within one such
/// piece no comparison of the rule changes.
///
/// With `n` constants there are `2n + 1` places, 0 to `2n`; constant `i` is place `2i + 1`. A place
/// without any value, as between 1 and 2 in a column of integers, is left out of `places`.
final class PartitionAxis {
    private final Column column;
    private final LiteralOrder order;
    private final List<Literal> constants;
    private final int[] places;

    PartitionAxis(Column column, List<Literal> constants) {
        this.column = column;
        this.order = LiteralOrder.of(column.type());
        this.constants = constants.stream().sorted(order).toList();
        this.places = IntStream.rangeClosed(0, 2 * constants.size()).filter(this::exists).toArray();
    }

    Column column() {
        return column;
    }

    int size() {
        return places.length;
    }

    int place(int index) {
        return places[index];
    }

    /// The place of a constant, or of a value.
    int place(Literal value) {
        int low = 0;
        int high = constants.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int compared = order.compare(constants.get(middle), value);
            if (compared == 0) {
                return 2 * middle + 1;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return 2 * low;
    }

    int index(int place) {
        int index = Arrays.binarySearch(places, place);
        Invariant.check(index >= 0, "no value can be at place %d of %s", place, column.name());
        return index;
    }

    Comparator<Literal> order() {
        return order;
    }

    List<Literal> constants() {
        return constants;
    }

    private boolean exists(int place) {
        if (place == 0 || place % 2 == 1) {
            return true; // null is below everything
        }
        var below = constants.get(place / 2 - 1);
        boolean last = place == 2 * constants.size();
        return switch (below) {
            case Text text -> last || !follows(text, (Text) constants.get(place / 2));
            case Whole whole ->
                    last
                            ? whole.value() != WholeRange.of(column.type()).highest()
                            : whole.value() + 1 != ((Whole) constants.get(place / 2)).value();
            case Real real ->
                    last || Math.nextUp(real.value()) != ((Real) constants.get(place / 2)).value();
        };
    }

    /// Between a text and the same text with a zero byte there is nothing.
    private static boolean follows(Text first, Text second) {
        byte[] bytes = first.value().getBytes(StandardCharsets.UTF_8);
        byte[] next = second.value().getBytes(StandardCharsets.UTF_8);
        return Arrays.equals(Arrays.copyOf(bytes, bytes.length + 1), next);
    }

    /// The values from one index to another, as a condition; empty if that is all of them.
    String condition(int first, int last) {
        if (first == 0 && last == size() - 1) {
            return "";
        }
        int low = places[first];
        int high = places[last];
        String name = column.name();
        if (low == high && low % 2 == 1) {
            return name + " = " + sql(constants.get(low / 2));
        }
        if (high == 0 && nothingBelow(constants.getFirst())) {
            return name + " IS NULL";
        }
        String from = low == 0 ? "" : name + lower(low) + sql(constants.get((low - 1) / 2));
        String to = last == size() - 1 ? "" : name + upper(high) + sql(constants.get(high / 2));
        return from.isEmpty() || to.isEmpty() ? from + to : from + " AND " + to;
    }

    private static String lower(int place) {
        return place % 2 == 1 ? " >= " : " > ";
    }

    private static String upper(int place) {
        return place % 2 == 1 ? " <= " : " < ";
    }

    private boolean nothingBelow(Literal constant) {
        return switch (constant) {
            case Text text -> text.value().isEmpty();
            case Whole whole -> whole.value() == WholeRange.of(column.type()).lowest();
            case Real real -> real.value() == Double.NEGATIVE_INFINITY;
        };
    }

    private String sql(Literal constant) {
        return switch (constant) {
            case Text text -> "'" + text.value().replace("'", "''") + "'";
            case Whole whole -> WholeRange.text(column.type(), whole.value());
            case Real real -> Double.toString(real.value());
        };
    }
}
