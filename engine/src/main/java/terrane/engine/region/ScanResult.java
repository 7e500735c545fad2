package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

import terrane.core.catalog.Column;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The rows of a scan, a part at a time, in no order. One thread takes them; between two calls
/// nothing runs and no thread is held. Any thread may cancel or close.
public final class ScanResult implements RegionEngine.Rows {
    private final DuckSession session;
    private final BufferAllocator allocator;
    private final ScanSource source;
    private final List<Column> columns;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<ScanPart> ready = new ArrayDeque<>();
    private @Nullable MemoryStreams streams;
    private @Nullable Statement statement;
    private @Nullable ArrowReader reader;
    private boolean ended;
    private boolean closed;

    ScanResult(
            DuckSession session,
            BufferAllocator allocator,
            ScanSource source,
            List<Column> columns) {
        this.session = session;
        this.allocator = allocator;
        this.source = source;
        this.columns = columns;
        this.ended = source.sql().isEmpty();
    }

    /// The next part of up to 65,536 rows and about 1 MiB; a single row may be longer. A scan
    /// without columns has one part. Empty at the end.
    ///
    /// @throws terrane.core.TerraneException.Unavailable if it was cancelled, took too long, or
    ///   there is not enough memory
    /// @throws terrane.core.TerraneException.Corrupt if a file cannot be read
    @Override
    public Optional<ScanPart> next() throws InterruptedException {
        lock.lock();
        try {
            while (ready.isEmpty() && !ended && !closed) {
                ended = !session.run(this::readOn);
            }
            return Optional.ofNullable(ready.poll());
        } finally {
            lock.unlock();
        }
    }

    /// @return whether there may be more
    private boolean readOn(DuckDBConnection connection) throws SQLException, IOException {
        var batches = reader;
        if (batches == null) {
            batches = open(connection);
            reader = batches;
        }
        if (!batches.loadNextBatch()) {
            return false;
        }
        var rows = batches.getVectorSchemaRoot();
        if (columns.isEmpty()) {
            var count = (BigIntVector) rows.getVector(0);
            ready.add(new ScanPart(count.get(0), new byte[0]));
            return false;
        }
        ready.addAll(ScanParts.of(rows, columns));
        return true;
    }

    private ArrowReader open(DuckDBConnection connection) throws SQLException {
        streams = source.stream(allocator, connection);
        var opened = connection.createStatement();
        statement = opened;
        var result = opened.executeQuery(source.sql()).unwrap(DuckDBResultSet.class);
        return (ArrowReader) result.arrowExportStream(allocator, ScanParts.batchRows(columns));
    }

    /// Makes the running and every later [#next] fail; returns at once.
    public void cancel() {
        session.cancel();
    }

    /// Ends the scan wherever it stands. Files and memtables are let go soon afterwards, when
    /// DuckDB has stopped. Harmless when repeated.
    @Override
    public void close() {
        session.cancel(); // so that a call of next() in another thread ends
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                ready.clear();
                session.closeAfter(this::release);
            }
        } finally {
            lock.unlock();
        }
    }

    /// In this order, because each reads from the next.
    private void release() throws SQLException, IOException {
        try (var _ = allReleased(); // the last to be closed
                var _ = orNothing(streams);
                var _ = orNothing(statement);
                var _ = orNothing(reader)) {
            reader = null;
        } catch (RuntimeException | SQLException | IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("scan does not close", e);
        }
    }

    private AutoCloseable allReleased() {
        return source::close;
    }

    private static AutoCloseable orNothing(@Nullable AutoCloseable resource) {
        return resource == null ? () -> {} : resource;
    }
}
