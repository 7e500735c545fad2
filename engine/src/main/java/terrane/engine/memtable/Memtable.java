package terrane.engine.memtable;

import org.apache.arrow.memory.BufferAllocator;

import terrane.core.Invariant;
import terrane.core.WalOffset;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatch;
import terrane.core.scan.TimeRange;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The rows of one region that are in the log and not yet in files.
///
/// One thread appends and alters; any thread takes snapshots and asks for figures meanwhile. All
/// methods hold one lock, an append for as long as it takes to copy the batch (about 0.3 µs a row).
public final class Memtable implements AutoCloseable {
    /// Chunks grow fourfold up to this, so that an idle region takes kilobytes, and scans hand over
    /// as many rows at a time as DuckDB takes best.
    static final int CHUNK_ROWS_MAX = 65_536;

    private static final int CHUNK_ROWS_MIN = 1_024;

    private final BufferAllocator allocator;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Chunk> chunks = new ArrayList<>();
    private TableSchema schema;
    private long rowCount;
    private Optional<WalOffset> first = Optional.empty();
    private Optional<WalOffset> last = Optional.empty();
    private WalOffset floor = WalOffset.ZERO;
    private boolean sealed;
    private boolean closed;

    /// @param allocator must outlive this memtable and every snapshot of it
    public Memtable(BufferAllocator allocator, TableSchema schema) {
        this.allocator = allocator;
        this.schema = schema;
    }

    /// Checks what a client sent before it goes into the log: what is in the log must fit.
    ///
    /// @throws terrane.core.TerraneException.Rejected naming the column, with code
    ///   COLUMN_NOT_FOUND, TYPE_MISMATCH (also for a null where none may be, and for numbers that
    ///   the type cannot hold), INVALID_ARGUMENT (a column given twice) or TOO_LARGE
    public static void check(RowBatch batch, TableSchema schema) {
        BatchCheck.check(batch, schema);
    }

    /// Adds the rows of one record, which [#check] has let into the log. Their versions are
    /// (offset, 0), (offset, 1), …
    ///
    /// @param offset above that of every earlier append
    /// @throws org.apache.arrow.memory.OutOfMemoryException if the allocator is at its limit; the
    ///   record may then be here in part, so this memtable must not be used any more
    public void append(WalOffset offset, RowBatch batch) {
        lock.lock();
        try {
            Invariant.check(!closed, "append to a closed memtable");
            Invariant.check(
                    last.isEmpty() || last.get().isBelow(offset),
                    "offset=%s last=%s",
                    offset,
                    last);
            int from = 0;
            while (from < batch.rowCount()) {
                from += openChunk().append(offset, batch, from);
            }
            if (batch.rowCount() > 0) {
                rowCount += batch.rowCount();
                first = first.or(() -> Optional.of(offset));
                last = Optional.of(offset);
            }
        } finally {
            lock.unlock();
        }
    }

    private Chunk openChunk() {
        var open = chunks.isEmpty() ? null : chunks.getLast();
        if (open != null && !sealed && !open.isFull()) {
            return open;
        }
        int capacity =
                open == null ? CHUNK_ROWS_MIN : Math.min(4 * open.capacity(), CHUNK_ROWS_MAX);
        var next = new Chunk(allocator, schema, capacity);
        chunks.add(next);
        sealed = false;
        return next;
    }

    /// Forgets the rows of all records below `offset`: files have them. Their memory goes with the
    /// last row of its chunk.
    public void dropBelow(WalOffset offset) {
        lock.lock();
        try {
            Invariant.check(!closed, "drop from a closed memtable");
            if (!floor.isBelow(offset)) {
                return;
            }
            floor = offset;
            while (!chunks.isEmpty() && chunks.getFirst().rowsFrom(floor) == 0) {
                chunks.removeFirst().close();
            }
            rowCount = chunks.stream().mapToLong(chunk -> chunk.rowsFrom(floor)).sum();
            first = chunks.isEmpty() ? Optional.empty() : chunks.getFirst().firstFrom(floor);
            last = last.filter(_ -> rowCount > 0);
        } finally {
            lock.unlock();
        }
    }

    /// From here on rows have the columns of `altered`; earlier rows have nulls in new ones.
    public void alter(TableSchema altered) {
        lock.lock();
        try {
            schema = altered;
            sealed = true;
        } finally {
            lock.unlock();
        }
    }

    public TableSchema schema() {
        lock.lock();
        try {
            return schema;
        } finally {
            lock.unlock();
        }
    }

    public long rowCount() {
        lock.lock();
        try {
            return rowCount;
        } finally {
            lock.unlock();
        }
    }

    /// What is allocated, including room for rows to come.
    public long sizeBytes() {
        lock.lock();
        try {
            return chunks.stream().mapToLong(Chunk::sizeBytes).sum();
        } finally {
            lock.unlock();
        }
    }

    /// From the smallest to the largest time; an empty range if there are no rows.
    public TimeRange times() {
        lock.lock();
        try {
            return Snapshot.hull(chunks.stream().map(Chunk::times).toList());
        } finally {
            lock.unlock();
        }
    }

    /// The offset of the first record with rows; empty if there are no rows.
    public Optional<WalOffset> firstOffset() {
        lock.lock();
        try {
            return first;
        } finally {
            lock.unlock();
        }
    }

    /// The offset of the last record with rows; empty if there are no rows.
    public Optional<WalOffset> lastOffset() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    /// Exactly the records that have been appended so far, whole. Takes some microseconds, copies
    /// nothing, and is unaffected by later appends and by [#close].
    ///
    /// @return to be closed by the caller: memory stays until then
    public Snapshot snapshot() {
        lock.lock();
        try {
            Invariant.check(!closed, "snapshot of a closed memtable");
            var frozen = chunks.stream().map(Chunk::freeze).toList();
            return new Snapshot(schema, frozen, floor, rowCount, first, last);
        } finally {
            lock.unlock();
        }
    }

    /// Lets the memory go, as soon as the last snapshot is closed too. Harmless when repeated.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            chunks.forEach(Chunk::close);
            chunks.clear();
        } finally {
            lock.unlock();
        }
    }
}
