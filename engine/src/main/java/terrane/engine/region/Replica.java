package terrane.engine.region;

import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.Invariant;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.core.wal.KeyWindow;
import terrane.core.wal.ReplayRule;
import terrane.core.wal.UnflushedSum;
import terrane.core.wal.WalRecord;
import terrane.core.wal.WriteKey;
import terrane.engine.manifest.Manifest;
import terrane.engine.manifest.ManifestCodec;
import terrane.engine.memtable.Memtable;
import terrane.engine.memtable.Snapshot;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// One copy of one region: what the manifest names, and what the log has added since.
///
/// Records are applied by one thread at a time; everything else may be called by any thread.
public final class Replica implements AutoCloseable {
    private final BufferAllocator allocator;
    private final ReentrantLock lock = new ReentrantLock();
    private final KeyWindow keys;
    private Manifest manifest;
    private String digest = ""; // of the manifest; empty until somebody asks
    private TableSchema schema;
    private ReplayRule rule;
    private WalOffset applied;
    private Generation current;
    private @Nullable Flushing flushing;

    /// Until this copy leads.
    private @Nullable RecordSums sums = new RecordSums();

    private boolean closed;

    /// Rows since the last flush began, with the sum over their records.
    private static final class Generation {
        private final Memtable memtable;
        private UnflushedSum sum = UnflushedSum.NOTHING;

        private Generation(Memtable memtable) {
            this.memtable = memtable;
        }

        private void dropBelow(WalOffset offset, RecordSums sums) {
            memtable.dropBelow(offset);
            sum = sum.minus(sums.dropBelow(offset));
        }
    }

    /// What is on its way into a file: everything below `upTo` that no file has yet.
    ///
    /// @param fenceEpoch the epoch in force at `upTo`
    /// @param keys what is remembered of the log up to `upTo`
    public record Flushing(
            Memtable memtable,
            WalOffset upTo,
            Epoch fenceEpoch,
            TableSchema schema,
            KeyWindow.Image keys,
            UnflushedSum sum) {}

    /// What a scan reads, as of one moment. Close it.
    public record View(
            TableSchema schema,
            List<Manifest.DataFile> files,
            List<Snapshot> memtables,
            WalOffset applied)
            implements AutoCloseable {
        @Override
        public void close() {
            memtables.forEach(Snapshot::close);
        }
    }

    /// A copy as the manifest has it; the log from `manifest.flushed()` on is to be applied next.
    public Replica(Manifest manifest, BufferAllocator allocator) {
        this.allocator = allocator;
        this.manifest = manifest;
        this.schema = manifest.schema();
        this.rule = new ReplayRule(manifest.fenceEpoch());
        this.applied = manifest.flushed();
        this.keys = KeyWindow.of(manifest.keys());
        this.current = new Generation(new Memtable(allocator, schema));
    }

    /// Applies a record by the replay rule.
    ///
    /// @param decoded the record's batch where the caller has it already
    /// @return what became of it
    /// @throws TerraneException.Corrupt if the record cannot be part of this region: the copy must
    ///   not go on
    public ReplayRule.Verdict apply(
            WalOffset offset, WalRecord record, Optional<RowBatch> decoded) {
        lock.lock();
        try {
            Invariant.check(!closed, "applied to a closed copy: region=%s", manifest.region());
            var verdict = rule.verdict(record);
            if (verdict == ReplayRule.Verdict.APPLY) {
                applyNow(offset, record, decoded);
            }
            rule = rule.next(record);
            applied = WalOffset.max(applied, offset.next());
            return verdict;
        } finally {
            lock.unlock();
        }
    }

    private void applyNow(WalOffset offset, WalRecord record, Optional<RowBatch> decoded) {
        switch (record) {
            case WalRecord.Rows rows -> {
                var batch = decoded.orElseGet(() -> RowBatchCodec.decode(rows.batch()));
                current.memtable.append(offset, batch);
                var sum = UnflushedSum.of(rows, batch.rowCount());
                current.sum = current.sum.plus(sum);
                if (sums != null) {
                    sums.add(offset, sum);
                }
                rows.key().ifPresent(key -> keys.add(key, offset));
            }
            case WalRecord.Schema changed -> alter(changed.schema());
            case WalRecord.Truncate _ ->
                    throw TerraneException.corrupt(
                            ErrorCode.CORRUPT_RECORD,
                            "this version cannot truncate: region=%s offset=%s",
                            manifest.region(),
                            offset);
            case WalRecord.Fence _, WalRecord.WarmUp _ -> {}
        }
    }

    private void alter(TableSchema next) {
        if (next.version() > schema.version()) {
            schema = next;
            current.memtable.alter(next);
        }
    }

    /// Nothing of this region lies between the applied offset and `position`.
    public void reached(WalOffset position) {
        lock.lock();
        try {
            applied = WalOffset.max(applied, position);
        } finally {
            lock.unlock();
        }
    }

    /// Everything of this region below it is applied.
    public WalOffset applied() {
        lock.lock();
        try {
            return applied;
        } finally {
            lock.unlock();
        }
    }

    /// The highest epoch that has fenced.
    public Epoch inForce() {
        lock.lock();
        try {
            return rule.inForce();
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

    public Manifest manifest() {
        lock.lock();
        try {
            return manifest;
        } finally {
            lock.unlock();
        }
    }

    /// See [ManifestCodec#digest]; made once for each version, because it is long where many keys
    /// are remembered, and a handover waits for it.
    public String manifestDigest() {
        lock.lock();
        try {
            if (digest.isEmpty()) {
                digest = ManifestCodec.digest(manifest);
            }
            return digest;
        } finally {
            lock.unlock();
        }
    }

    public Optional<WalOffset> find(WriteKey key) {
        lock.lock();
        try {
            return keys.find(key);
        } finally {
            lock.unlock();
        }
    }

    /// Below it keys may have been forgotten.
    public WalOffset keyFloor() {
        lock.lock();
        try {
            return keys.floor();
        } finally {
            lock.unlock();
        }
    }

    /// The sum over everything that is applied and that the manifest's files do not have.
    public UnflushedSum unflushed() {
        lock.lock();
        try {
            return flushing == null ? current.sum : current.sum.plus(flushing.sum());
        } finally {
            lock.unlock();
        }
    }

    /// Bytes of memory that unflushed rows take.
    public long memoryBytes() {
        lock.lock();
        try {
            long waiting = flushing == null ? 0 : flushing.memtable().sizeBytes();
            return waiting + current.memtable.sizeBytes();
        } finally {
            lock.unlock();
        }
    }

    /// Rows in files and in memory; duplicates that are not merged yet count each.
    public long rowCount() {
        lock.lock();
        try {
            long waiting = flushing == null ? 0 : flushing.memtable().rowCount();
            long inFiles = manifest.files().stream().mapToLong(Manifest.DataFile::rowCount).sum();
            return inFiles + waiting + current.memtable.rowCount();
        } finally {
            lock.unlock();
        }
    }

    /// What is there at this moment, whole.
    public View view() {
        lock.lock();
        try {
            Invariant.check(!closed, "view of a closed copy: region=%s", manifest.region());
            var newest = current.memtable.snapshot();
            var memtables =
                    flushing == null
                            ? List.of(newest)
                            : List.of(flushing.memtable().snapshot(), newest);
            return new View(schema, manifest.files(), memtables, applied);
        } finally {
            lock.unlock();
        }
    }

    /// Takes everything applied aside for a flush, or says again what an earlier flush that failed
    /// took aside: there is one at a time, and it is repeated until it succeeds.
    ///
    /// @return empty if there is nothing to flush
    public Optional<Flushing> beginFlush() {
        lock.lock();
        try {
            if (flushing == null && current.memtable.rowCount() > 0) {
                flushing =
                        new Flushing(
                                current.memtable,
                                applied,
                                rule.inForce(),
                                schema,
                                keys.image(),
                                current.sum);
                current = new Generation(new Memtable(allocator, schema));
            }
            return Optional.ofNullable(flushing);
        } finally {
            lock.unlock();
        }
    }

    /// The rows that were taken aside are in the files of `next`, which has been created.
    public void endFlush(Manifest next) {
        lock.lock();
        try {
            manifest = next;
            digest = "";
            if (flushing != null) {
                flushing.memtable().close();
                flushing = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /// What a manifest says that advances the flushed offset of a copy without unflushed rows, or
    /// empty if there are some.
    public Optional<Flushing> idle() {
        lock.lock();
        try {
            return flushing != null || current.memtable.rowCount() > 0
                    ? Optional.empty()
                    : Optional.of(
                            new Flushing(
                                    current.memtable,
                                    applied,
                                    rule.inForce(),
                                    schema,
                                    keys.image(),
                                    UnflushedSum.NOTHING));
        } finally {
            lock.unlock();
        }
    }

    /// For a copy that follows: takes a version over that its leader has created, and forgets what
    /// the files of that version have. What is left is what a copy would have that was opened with
    /// this version and had read as far as this one.
    ///
    /// @return false if this copy has not read up to the version's flushed offset: it is behind,
    ///   and nothing has changed
    public boolean catchUpWith(Manifest next) {
        lock.lock();
        try {
            if (applied.isBelow(next.flushed()) || sums == null || closed) {
                return false;
            }
            if (next.version() > manifest.version()) {
                current.dropBelow(next.flushed(), sums);
                manifest = next;
                digest = "";
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// This copy leads from now on: what it has in memory goes into files by its own flushes.
    public void lead() {
        lock.lock();
        try {
            sums = null;
        } finally {
            lock.unlock();
        }
    }

    /// A later version with the same rows in files: a claim, or an advance of an idle region.
    public void adopt(Manifest next) {
        lock.lock();
        try {
            Invariant.check(
                    next.version() > manifest.version(),
                    "manifest went back: region=%s version=%d",
                    next.region(),
                    next.version());
            manifest = next;
            digest = "";
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            current.memtable.close();
            if (flushing != null) {
                flushing.memtable().close();
            }
        } finally {
            lock.unlock();
        }
    }
}
