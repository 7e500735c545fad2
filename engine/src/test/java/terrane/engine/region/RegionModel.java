package terrane.engine.region;

import org.jspecify.annotations.Nullable;

import terrane.core.WalOffset;
import terrane.core.catalog.Column;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.scan.Predicate;
import terrane.core.scan.ScanSpec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a region should answer, said as simply as possible: all rows in a list, everything decided
/// when asked.
///
/// Values are `Long`, `Double` or, for strings and binary, `String`.
final class RegionModel {
    private final List<Map<Integer, Object>> rows = new ArrayList<>();

    /// In the order of their versions, so that the offset itself need not be kept.
    void append(WalOffset offset, RowBatch batch) {
        assert offset.value() >= 0;
        for (int row = 0; row < batch.rowCount(); row++) {
            var values = new HashMap<Integer, Object>();
            for (var column : batch.columns()) {
                if (!column.isNull(row)) {
                    values.put(column.columnId(), value(column, row));
                }
            }
            rows.add(values);
        }
    }

    private static Object value(ColumnValues column, int row) {
        return switch (column) {
            case ColumnValues.Longs longs -> longs.values()[row];
            case ColumnValues.Doubles doubles -> doubles.values()[row];
            case ColumnValues.Bytes strings ->
                    new String(strings.dictionary()[strings.codes()[row]], StandardCharsets.UTF_8);
        };
    }

    int rowCount() {
        return rows.size();
    }

    /// All matching rows, without regard to the limit, as lists in the order of the columns asked.
    List<List<@Nullable Object>> answer(ScanSpec spec, TableSchema schema) {
        var found = new ArrayList<List<@Nullable Object>>();
        int timeId = schema.timeIndex().id();
        for (var row : merged(schema)) {
            long time = (Long) row.getOrDefault(timeId, 0L);
            boolean inTime = time >= spec.times().from() && time <= spec.times().to();
            if (inTime && spec.predicates().stream().allMatch(p -> holds(p, row))) {
                var values = new ArrayList<@Nullable Object>();
                spec.columnIds().forEach(id -> values.add(row.get(id)));
                found.add(values);
            }
        }
        return found;
    }

    private Collection<Map<Integer, Object>> merged(TableSchema schema) {
        if (schema.mergeMode() == MergeMode.APPEND) {
            return rows;
        }
        var newest = new LinkedHashMap<List<@Nullable Object>, Map<Integer, Object>>();
        for (var row : rows) {
            var key = new ArrayList<@Nullable Object>();
            for (var column : schema.columns()) {
                if (column.semantic() != Column.Semantic.FIELD) {
                    key.add(row.get(column.id()));
                }
            }
            if (schema.mergeMode() == MergeMode.LAST_ROW) {
                newest.put(key, row);
            } else {
                newest.computeIfAbsent(key, _ -> new HashMap<>()).putAll(row);
            }
        }
        return newest.values();
    }

    private static boolean holds(Predicate predicate, Map<Integer, Object> row) {
        var value = row.get(predicate.columnId());
        return switch (predicate) {
            case Predicate.IsNull(int _, boolean negated) -> (value == null) != negated;
            case Predicate.In(int _, var values) ->
                    value != null && values.stream().anyMatch(v -> order(value, v) == 0);
            case Predicate.Compare(int _, var operator, var literal) ->
                    value != null && holds(operator, order(value, literal));
        };
    }

    private static boolean holds(PartitionExpr.Operator operator, int order) {
        return switch (operator) {
            case EQ -> order == 0;
            case NOT_EQ -> order != 0;
            case LT -> order < 0;
            case LT_EQ -> order <= 0;
            case GT -> order > 0;
            case GT_EQ -> order >= 0;
        };
    }

    private static int order(Object value, Literal literal) {
        return switch (literal) {
            case Literal.Text(var text) ->
                    Arrays.compareUnsigned(
                            ((String) value).getBytes(StandardCharsets.UTF_8),
                            text.getBytes(StandardCharsets.UTF_8));
            case Literal.Whole(long whole) ->
                    value instanceof Long number
                            ? Long.compare(number, whole)
                            : Double.compare((Double) value, (double) whole);
            case Literal.Real(double real) -> Double.compare((Double) value, real);
        };
    }
}
