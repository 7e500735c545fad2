package terrane.engine.memtable;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;

import terrane.core.Invariant;
import terrane.core.WalOffset;
import terrane.core.catalog.TableSchema;
import terrane.core.scan.Predicate;
import terrane.core.scan.TimeRange;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// The rows of a memtable at one moment. It may be read by any thread, several times, also by
/// several threads at once, until it is closed.
public final class Snapshot implements AutoCloseable {
    private final TableSchema schema;
    private final List<FrozenChunk> chunks;
    private final WalOffset floor;
    private final long rowCount;
    private final Optional<WalOffset> first;
    private final Optional<WalOffset> last;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param floor rows of records below it are not there any more
    Snapshot(
            TableSchema schema,
            List<FrozenChunk> chunks,
            WalOffset floor,
            long rowCount,
            Optional<WalOffset> first,
            Optional<WalOffset> last) {
        this.schema = schema;
        this.chunks = chunks;
        this.floor = floor;
        this.rowCount = rowCount;
        this.first = first;
        this.last = last;
    }

    /// The memtable's schema when the snapshot was taken.
    public TableSchema schema() {
        return schema;
    }

    public long rowCount() {
        return rowCount;
    }

    /// From the smallest to the largest time; an empty range if there are no rows.
    public TimeRange times() {
        return hull(chunks.stream().map(FrozenChunk::times).toList());
    }

    /// Empty if there are no rows.
    public Optional<WalOffset> firstOffset() {
        return first;
    }

    /// Empty if there are no rows.
    public Optional<WalOffset> lastOffset() {
        return last;
    }

    static TimeRange hull(List<TimeRange> ranges) {
        return new TimeRange(
                ranges.stream().mapToLong(TimeRange::from).min().orElse(Long.MAX_VALUE),
                ranges.stream().mapToLong(TimeRange::to).max().orElse(Long.MIN_VALUE));
    }

    /// The rows as Arrow batches of up to 65,536 rows, in the order of their versions, for one
    /// pass. Nothing is copied where no row is left out.
    ///
    /// @param columns which to read, in this order; those that the rows do not have are null
    /// @param times rows outside are left out
    /// @param keys conditions on primary key columns. Rows that fail one may still be returned,
    ///   where it is of a kind that only SQL can decide
    /// @return to be closed before this snapshot is
    public ArrowReader read(
            BufferAllocator allocator,
            List<StoredColumn> columns,
            TimeRange times,
            List<Predicate> keys) {
        Invariant.check(!closed.get(), "read of a closed snapshot");
        var filter = new RowFilter(schema.timeIndex().id(), floor, times, keys);
        return new SnapshotReader(allocator, columns, chunks, filter);
    }

    /// Harmless when repeated.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            chunks.forEach(FrozenChunk::release);
        }
    }
}
