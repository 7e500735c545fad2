package terrane.frontend.route;

import terrane.core.catalog.Column;
import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.RegionLocator;
import terrane.core.catalog.Table;
import terrane.core.rows.RowBatch;
import terrane.core.scan.Predicate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Which regions of a table rows belong to, and which regions a scan need not ask.
public final class Partitions {
    /// Combinations of constants that are looked at before pruning is given up.
    private static final int COMBINATIONS_MAX = 1_000;

    private final Table table;
    private final RegionLocator locator;
    private final List<Column> columns;

    public Partitions(Table table) {
        this.table = table;
        this.locator = new RegionLocator(table.partitions(), table.schema());
        this.columns =
                table.partitions().columns().stream()
                        .map(name -> table.schema().column(name).orElseThrow())
                        .toList();
    }

    /// The table whose rule this is, as it was then.
    public Table table() {
        return table;
    }

    public int regionCount() {
        return table.partitions().regionCount();
    }

    /// The number of the region of each row.
    public int[] locate(RowBatch batch) {
        return locator.locate(batch);
    }

    /// The numbers of the regions that may hold a row that satisfies all predicates, ascending.
    /// Only where every partition column is bound to constants regions are left out.
    public int[] mayHold(List<Predicate> predicates) {
        var constants = new ArrayList<List<Literal>>();
        long combinations = 1;
        for (var column : columns) {
            var bound = constants(column, predicates);
            constants.add(bound);
            combinations = Math.min(combinations * bound.size(), COMBINATIONS_MAX + 1L);
        }
        boolean[] may = new boolean[regionCount()];
        if (columns.isEmpty() || combinations == 0 || combinations > COMBINATIONS_MAX) {
            Arrays.fill(may, true);
        } else {
            mark(may, constants, new HashMap<>());
        }
        return IntStream.range(0, may.length).filter(number -> may[number]).toArray();
    }

    private void mark(boolean[] may, List<List<Literal>> constants, Map<String, Literal> chosen) {
        if (chosen.size() == columns.size()) {
            may[locator.locate(name -> Optional.ofNullable(chosen.get(name)))] = true;
            return;
        }
        var column = columns.get(chosen.size());
        for (var constant : constants.get(chosen.size())) {
            chosen.put(column.name(), constant);
            mark(may, constants, chosen);
            chosen.remove(column.name());
        }
    }

    /// What a column must be equal to; empty if that is not said, or in words of another kind.
    private static List<Literal> constants(Column column, List<Predicate> predicates) {
        for (var predicate : predicates) {
            List<Literal> values =
                    switch (predicate) {
                        case Predicate.Compare compare ->
                                compare.operator() == PartitionExpr.Operator.EQ
                                        ? List.of(compare.value())
                                        : List.of();
                        case Predicate.In in -> in.values();
                        case Predicate.IsNull _ -> List.of();
                    };
            if (predicate.columnId() == column.id()
                    && values.stream().allMatch(value -> isOf(column, value))
                    && !values.isEmpty()) {
                return values.stream().distinct().toList();
            }
        }
        return List.of();
    }

    private static boolean isOf(Column column, Literal value) {
        return switch (column.type().physical()) {
            case BYTES -> value instanceof Literal.Text;
            case LONG -> value instanceof Literal.Whole;
            case DOUBLE -> value instanceof Literal.Real;
        };
    }
}
