package terrane.core.catalog;

import terrane.core.Invariant;
import terrane.core.catalog.PartitionExpr.And;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Operator;
import terrane.core.catalog.PartitionExpr.Or;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A partition rule as a grid: each partition column is cut at every constant that the rule
/// compares it with, so that in each cell each expression holds everywhere or nowhere.
final class PartitionGrid {
    /// Which cells times expressions are tried at most: about half a second. A rule of 1,000
    /// regions over one column tries 2 million, one of 30 × 30 over two columns 3.4 million.
    private static final long TRIALS_MAX = 1 << 24;

    /// 512 pieces of each of two columns; a list for each makes 20 MB while a rule is checked.
    private static final int CELLS_MAX = 1 << 18;

    private final List<PartitionAxis> axes;
    private final List<Test> regions;

    /// Whether an expression holds at these places, one for each axis.
    private interface Test {
        boolean holds(int[] places);
    }

    /// @param rule its columns are in the schema and its constants fit them
    PartitionGrid(PartitionRule rule, TableSchema schema) {
        axes = rule.columns().stream().map(name -> axis(rule, schema, name)).toList();
        regions = rule.regions().stream().map(this::test).toList();
    }

    private static PartitionAxis axis(PartitionRule rule, TableSchema schema, String name) {
        var column = schema.column(name).orElseThrow();
        var constants = new TreeSet<Literal>(LiteralOrder.of(column.type()));
        rule.regions().forEach(expr -> collect(expr, name, constants));
        return new PartitionAxis(column, List.copyOf(constants));
    }

    private static void collect(PartitionExpr expr, String column, Set<Literal> into) {
        switch (expr) {
            case And and -> {
                collect(and.lhs(), column, into);
                collect(and.rhs(), column, into);
            }
            case Or or -> {
                collect(or.lhs(), column, into);
                collect(or.rhs(), column, into);
            }
            case Comparison c -> {
                if (c.column().equals(column)) {
                    into.add(c.value());
                }
            }
        }
    }

    private Test test(PartitionExpr expr) {
        return switch (expr) {
            case And and -> {
                var lhs = test(and.lhs());
                var rhs = test(and.rhs());
                yield places -> lhs.holds(places) && rhs.holds(places);
            }
            case Or or -> {
                var lhs = test(or.lhs());
                var rhs = test(or.rhs());
                yield places -> lhs.holds(places) || rhs.holds(places);
            }
            case Comparison c -> comparison(c);
        };
    }

    private Test comparison(Comparison comparison) {
        int axis = 0;
        while (!axes.get(axis).column().name().equals(comparison.column())) {
            axis++;
        }
        int at = axis;
        int constant = axes.get(axis).place(comparison.value());
        var operator = comparison.operator();
        return places -> holds(operator, Integer.compare(places[at], constant));
    }

    private static boolean holds(Operator operator, int compared) {
        return switch (operator) {
            case EQ -> compared == 0;
            case NOT_EQ -> compared != 0;
            case LT -> compared < 0;
            case LT_EQ -> compared <= 0;
            case GT -> compared > 0;
            case GT_EQ -> compared >= 0;
        };
    }

    List<PartitionAxis> axes() {
        return axes;
    }

    long cellCount() {
        long count = 1;
        for (var axis : axes) {
            count = Math.multiplyExact(count, (long) axis.size());
            if (count > CELLS_MAX) {
                return count;
            }
        }
        return count;
    }

    /// Whether checking it takes more time or memory than a rule is worth.
    boolean tooLarge() {
        return cellCount() > CELLS_MAX || cellCount() * regions.size() > TRIALS_MAX;
    }

    /// The regions of a cell, in order; exactly one in a rule that is sound.
    private List<Integer> regionsAt(int cell) {
        int[] places = new int[axes.size()];
        int rest = cell;
        for (int axis = axes.size() - 1; axis >= 0; axis--) {
            places[axis] = axes.get(axis).place(rest % axes.get(axis).size());
            rest /= axes.get(axis).size();
        }
        var holding = new ArrayList<Integer>(1);
        for (int region = 0; region < regions.size(); region++) {
            if (regions.get(region).holds(places)) {
                holding.add(region);
            }
        }
        return holding;
    }

    /// The region of each cell of a sound rule; the last axis changes fastest.
    int[] regionOfCell() {
        int[] region = new int[(int) cellCount()];
        for (int cell = 0; cell < region.length; cell++) {
            var holding = regionsAt(cell);
            Invariant.check(holding.size() == 1, "regions of cell %d are %s", cell, holding);
            region[cell] = holding.getFirst();
        }
        return region;
    }

    /// A part of the grid with the same fault throughout.
    ///
    /// @param regions empty where it is left out, else those that cover it, two or more
    /// @param where the values, as a condition
    record Fault(List<Integer> regions, String where) {}

    /// The first few faults; adjoining cells of one fault count as one.
    List<Fault> faults(int atMost) {
        var holding = new ArrayList<List<Integer>>();
        for (int cell = 0; cell < cellCount(); cell++) {
            holding.add(regionsAt(cell));
        }
        var faults = new ArrayList<Fault>();
        for (int cell = 0; cell < holding.size() && faults.size() < atMost; cell++) {
            if (holding.get(cell).size() != 1) {
                faults.add(fault(holding, cell));
            }
        }
        return faults;
    }

    /// Grows a box from one cell, the last axis first, and marks what it took as sound.
    private Fault fault(List<List<Integer>> holding, int cell) {
        int[] first = indexes(cell);
        int[] last = first.clone();
        var regionsThere = holding.get(cell);
        for (int axis = axes.size() - 1; axis >= 0; axis--) {
            while (last[axis] + 1 < axes.get(axis).size()) {
                int[] low = first.clone();
                int[] high = last.clone();
                low[axis] = high[axis] = last[axis] + 1;
                if (!cells(low, high).stream().allMatch(c -> holding.get(c).equals(regionsThere))) {
                    break;
                }
                last[axis]++;
            }
        }
        cells(first, last).forEach(taken -> holding.set(taken, List.of(0)));
        return new Fault(regionsThere, where(first, last));
    }

    private String where(int[] first, int[] last) {
        var words = new ArrayList<String>();
        for (int axis = 0; axis < axes.size(); axis++) {
            words.add(axes.get(axis).condition(first[axis], last[axis]));
        }
        words.removeIf(String::isEmpty);
        return words.isEmpty() ? "every value" : String.join(" AND ", words);
    }

    private int[] indexes(int cell) {
        int[] indexes = new int[axes.size()];
        int rest = cell;
        for (int axis = axes.size() - 1; axis >= 0; axis--) {
            indexes[axis] = rest % axes.get(axis).size();
            rest /= axes.get(axis).size();
        }
        return indexes;
    }

    private List<Integer> cells(int[] first, int[] last) {
        var cells = new ArrayList<Integer>(List.of(0));
        for (int axis = 0; axis < axes.size(); axis++) {
            var wider = new ArrayList<Integer>();
            for (int cell : cells) {
                for (int index = first[axis]; index <= last[axis]; index++) {
                    wider.add(cell * axes.get(axis).size() + index);
                }
            }
            cells = wider;
        }
        cells.sort(Comparator.naturalOrder());
        return cells;
    }
}
