package terrane.engine.memtable;

import org.jspecify.annotations.Nullable;

import terrane.core.WalOffset;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr;
import terrane.core.scan.Predicate;
import terrane.core.scan.TimeRange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the rows of a chunk that a scan needs, so that only those are handed to DuckDB: its scan
/// of an Arrow stream reads everything it is given. Exact for times; for keys it decides what is
/// common (a string column against strings) and lets the rest pass.
final class RowFilter {
    private final int timeId;
    private final WalOffset floor;
    private final TimeRange times;
    private final List<Predicate> keys;

    RowFilter(int timeId, WalOffset floor, TimeRange times, List<Predicate> keys) {
        this.timeId = timeId;
        this.floor = floor;
        this.times = times;
        this.keys = keys;
    }

    /// The numbers of the rows that may match, growing; null if that is all of them.
    int @Nullable [] select(FrozenChunk chunk) {
        if (!chunk.times().overlaps(times)) {
            return new int[0];
        }
        int[] selected = selectFloor(chunk);
        if (chunk.times().from() < times.from() || chunk.times().to() > times.to()) {
            selected = selectTimes(chunk, selected);
        }
        for (var predicate : keys) {
            selected = narrow(chunk, predicate, selected);
        }
        return selected;
    }

    /// What comes from records that files have by now is in front.
    private int @Nullable [] selectFloor(FrozenChunk chunk) {
        var column = chunk.columns().get(StoredColumn.OFFSET.id());
        if (column == null || chunk.rows() == 0) {
            return null;
        }
        var offsets = ColumnBuffer.segment(column.values());
        int from = 0;
        while (from < chunk.rows()
                && offsets.getAtIndex(ValueLayout.JAVA_LONG, from) < floor.value()) {
            from++;
        }
        return from == 0 ? null : IntStream.range(from, chunk.rows()).toArray();
    }

    private int[] selectTimes(FrozenChunk chunk, int @Nullable [] candidates) {
        var column = chunk.columns().get(timeId);
        int candidateCount = candidates == null ? chunk.rows() : candidates.length;
        int[] selected = new int[candidateCount];
        int count = 0;
        if (column != null) {
            var cells = ColumnBuffer.segment(column.values());
            for (int i = 0; i < candidateCount; i++) {
                int row = candidates == null ? i : candidates[i];
                long time = cells.getAtIndex(ValueLayout.JAVA_LONG, row);
                if (time >= times.from() && time <= times.to()) {
                    selected[count++] = row;
                }
            }
        }
        return Arrays.copyOf(selected, count);
    }

    private static int @Nullable [] narrow(
            FrozenChunk chunk, Predicate predicate, int @Nullable [] selected) {
        var column = chunk.columns().get(predicate.columnId());
        if (column == null || column.type() != ColumnType.STRING) {
            return selected;
        }
        return switch (predicate) {
            case Predicate.Compare(int _, var operator, Literal.Text(var text)) ->
                    compare(column, selected, operator, utf8(text));
            case Predicate.In(int _, var values)
                    when values.stream().allMatch(Literal.Text.class::isInstance) ->
                    among(column, selected, values);
            case Predicate.Compare _ -> selected;
            case Predicate.In _ -> selected;
            case Predicate.IsNull _ -> selected;
        };
    }

    private static MemorySegment utf8(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int[] compare(
            FrozenColumn column,
            int @Nullable [] selected,
            PartitionExpr.Operator operator,
            MemorySegment constant) {
        return filter(column, selected, value -> holds(operator, order(value, constant)));
    }

    private static int[] among(
            FrozenColumn column, int @Nullable [] selected, List<Literal> values) {
        var constants =
                values.stream()
                        .filter(Literal.Text.class::isInstance)
                        .map(value -> utf8(((Literal.Text) value).value()))
                        .toList();
        return filter(
                column, selected, value -> constants.stream().anyMatch(c -> order(value, c) == 0));
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

    private static int order(MemorySegment value, MemorySegment constant) {
        long differs = value.mismatch(constant);
        if (differs < 0) {
            return 0;
        }
        if (differs == value.byteSize() || differs == constant.byteSize()) {
            return Long.compare(value.byteSize(), constant.byteSize());
        }
        return Byte.compareUnsigned(
                value.get(ValueLayout.JAVA_BYTE, differs),
                constant.get(ValueLayout.JAVA_BYTE, differs));
    }

    private static int[] filter(
            FrozenColumn column,
            int @Nullable [] selected,
            java.util.function.Predicate<MemorySegment> condition) {
        var validity = ColumnBuffer.segment(column.validity());
        var offsets = ColumnBuffer.segment(column.values());
        var bytes = column.bytes();
        var text = bytes == null ? MemorySegment.NULL : ColumnBuffer.segment(bytes);
        int candidates = selected == null ? column.rows() : selected.length;
        int[] kept = new int[candidates];
        int count = 0;
        for (int i = 0; i < candidates; i++) {
            int row = selected == null ? i : selected[i];
            int from = offsets.getAtIndex(ValueLayout.JAVA_INT, row);
            int to = offsets.getAtIndex(ValueLayout.JAVA_INT, row + 1L);
            if (ColumnBuffer.bit(validity, row) && condition.test(text.asSlice(from, to - from))) {
                kept[count++] = row;
            }
        }
        return Arrays.copyOf(kept, count);
    }
}
