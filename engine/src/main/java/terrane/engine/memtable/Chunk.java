package terrane.engine.memtable;

import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

import terrane.core.WalOffset;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.ColumnValues;
import terrane.core.rows.RowBatch;
import terrane.core.scan.TimeRange;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Some thousand rows of one schema. Appended by one thread, under the memtable's lock.
final class Chunk implements AutoCloseable {
    /// Strings of one column beyond this start a new chunk. A batch's own may come on top
    /// ([BatchCheck#EXPANDED_BYTES_MAX]), and a buffer may be twice what it holds: (32 + 64) * 2
    /// MiB stays far below the 2 GiB that an offset can say.
    static final int TEXT_BYTES_MAX = 32 << 20;

    private final int capacity;
    private final int timeId;
    private final Map<Integer, ColumnBuffer> columns = new LinkedHashMap<>();
    private final ColumnBuffer offsets;
    private final ColumnBuffer rowNumbers;
    private int rows;
    private long minTime = Long.MAX_VALUE;
    private long maxTime = Long.MIN_VALUE;

    Chunk(BufferAllocator allocator, TableSchema schema, int capacity) {
        this.capacity = capacity;
        this.timeId = schema.timeIndex().id();
        try {
            for (var column : StoredColumn.all(schema)) {
                columns.put(column.id(), new ColumnBuffer(allocator, column.type(), capacity));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        this.offsets = column(StoredColumn.OFFSET);
        this.rowNumbers = column(StoredColumn.ROW);
    }

    private ColumnBuffer column(StoredColumn column) {
        return Objects.requireNonNull(columns.get(column.id()));
    }

    int rows() {
        return rows;
    }

    int capacity() {
        return capacity;
    }

    boolean isFull() {
        return rows == capacity
                || columns.values().stream().anyMatch(c -> c.textBytes(rows) > TEXT_BYTES_MAX);
    }

    TimeRange times() {
        return new TimeRange(minTime, maxTime);
    }

    long sizeBytes() {
        return columns.values().stream().mapToLong(ColumnBuffer::sizeBytes).sum();
    }

    /// Appends as many rows from `from` on as there is room for.
    ///
    /// @return how many that were
    int append(WalOffset offset, RowBatch batch, int from) {
        int count = Math.min(batch.rowCount() - from, capacity - rows);
        var given = new LinkedHashMap<Integer, ColumnValues>();
        batch.columns().forEach(column -> given.put(column.columnId(), column));
        for (var entry : columns.entrySet()) {
            var column = given.get(entry.getKey());
            if (column != null) {
                entry.getValue().append(column, from, count, rows);
            } else if (entry.getValue() != offsets && entry.getValue() != rowNumbers) {
                entry.getValue().appendNulls(count, rows);
            }
        }
        offsets.appendConstant(offset.value(), count, rows);
        rowNumbers.appendSequence(from, count, rows);
        stretch(given.get(timeId), from, count);
        rows += count;
        return count;
    }

    private void stretch(@Nullable ColumnValues times, int from, int count) {
        if (times instanceof ColumnValues.Longs longs) {
            for (int i = from; i < from + count; i++) {
                long time = longs.values()[i];
                minTime = Math.min(minTime, time);
                maxTime = Math.max(maxTime, time);
            }
        }
    }

    /// How many rows come from records at or above `floor`.
    int rowsFrom(WalOffset floor) {
        return rows - rowsBelow(floor);
    }

    /// Those in front, for versions grow.
    private int rowsBelow(WalOffset offset) {
        int from = 0;
        int to = rows;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (offsets.longAt(middle) < offset.value()) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /// The first offset from `floor` on; empty if there is none.
    Optional<WalOffset> firstFrom(WalOffset floor) {
        int row = rowsBelow(floor);
        return row == rows ? Optional.empty() : Optional.of(new WalOffset(offsets.longAt(row)));
    }

    FrozenChunk freeze() {
        var frozen = new LinkedHashMap<Integer, FrozenColumn>();
        columns.forEach((id, column) -> frozen.put(id, column.freeze(rows)));
        return new FrozenChunk(rows, times(), frozen);
    }

    @Override
    public void close() {
        columns.values().forEach(ColumnBuffer::close);
        columns.clear();
    }
}
