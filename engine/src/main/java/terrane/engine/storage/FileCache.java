package terrane.engine.storage;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Local copies of the data files in use, bounded in bytes: the least recently used of those that
/// nobody holds make room for new ones. Empty after a start. For any number of threads.
public final class FileCache implements AutoCloseable {
    private final ObjectStore store;
    private final CacheFolder folder;
    private final long bytesMax;
    private final long freeMin;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    /// Least recently used first.
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);

    private long usedBytes;
    private long hits;
    private long misses;

    /// @param folder for this cache alone; made if it is not there
    /// @param freeMin bytes that it leaves on the disk, for what others write there
    /// @throws TerraneException.Unavailable if the folder cannot be used, or another cache uses it
    public FileCache(ObjectStore store, Path folder, long bytesMax, long freeMin) {
        this.store = store;
        this.bytesMax = bytesMax;
        this.freeMin = freeMin;
        this.folder = new CacheFolder(folder);
    }

    /// A local copy that stays until it is closed.
    public final class Handle implements AutoCloseable {
        private final Entry entry;
        private boolean open = true;

        private Handle(Entry entry) {
            this.entry = entry;
        }

        public Path path() {
            return entry.path;
        }

        /// Lets the copy go; again does no harm.
        @Override
        public void close() {
            lock.lock();
            try {
                if (open) {
                    open = false;
                    entry.pins--;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// What the cache holds and has done since its start.
    ///
    /// @param pinnedBytes of files that somebody holds or downloads
    public record Usage(
            int files, long usedBytes, long pinnedBytes, long bytesMax, long hits, long misses) {}

    /// The local copy of an object; blocks while it is downloaded, by this caller or by another.
    ///
    /// @param sizeBytes as the manifest says
    /// @throws TerraneException.Unavailable if the store does not answer, or everything in the full
    ///   cache is held (code OVERLOADED), or the disk has no room (code FOLDER_FAILED)
    /// @throws TerraneException.Corrupt with code CORRUPT_FILE if the object is not there, or is
    ///   not of that size
    public Handle open(String objectName, long sizeBytes) throws InterruptedException {
        ObjectNames.checked(objectName);
        Entry entry;
        lock.lockInterruptibly();
        try {
            var present = pinned(objectName);
            if (present.isPresent()) {
                return present.get();
            }
            entry = reserve(objectName, sizeBytes);
            misses++;
        } finally {
            lock.unlock();
        }
        return downloaded(objectName, entry);
    }

    /// Takes over a file that was just written and uploaded, so that it need not be downloaded. The
    /// file is moved away, or deleted if there is no room for it or it cannot be moved.
    public void adopt(String objectName, Path file, long sizeBytes) {
        ObjectNames.checked(objectName);
        lock.lock();
        try {
            var entry = new Entry(folder.fresh(), sizeBytes);
            boolean wanted = !entries.containsKey(objectName) && makeRoom(sizeBytes, 0);
            if (!wanted || !CacheFolder.move(file, entry.path)) {
                CacheFolder.delete(file);
                return;
            }
            entry.ready = true;
            entry.pins = 0;
            add(objectName, entry);
        } finally {
            lock.unlock();
        }
    }

    /// Deletes all that nobody holds, because somebody else needs the room on the disk more.
    public void giveWay() {
        lock.lock();
        try {
            evict(Long.MAX_VALUE);
        } finally {
            lock.unlock();
        }
    }

    public Usage usage() {
        lock.lock();
        try {
            return new Usage(entries.size(), usedBytes, pinnedBytes(), bytesMax, hits, misses);
        } finally {
            lock.unlock();
        }
    }

    /// Empties the folder and gives it back. Nobody may hold a file any more.
    @Override
    public void close() {
        lock.lock();
        try {
            entries.clear();
            usedBytes = 0;
            folder.close();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a download that is under way. If that one fails, the caller tries on its own, to
    /// find out for itself why.
    private Optional<Handle> pinned(String objectName) throws InterruptedException {
        @Nullable Entry entry = entries.get(objectName);
        while (entry != null && !entry.ready) {
            arrived.await();
            entry = entries.get(objectName);
        }
        if (entry == null) {
            return Optional.empty();
        }
        if (!Files.exists(entry.path)) { // somebody tidied the folder up
            entries.remove(objectName);
            usedBytes -= entry.sizeBytes;
            return Optional.empty();
        }
        hits++;
        entry.pins++;
        return Optional.of(new Handle(entry));
    }

    private Entry reserve(String objectName, long sizeBytes) {
        var path = folder.fresh();
        if (!makeRoom(sizeBytes, sizeBytes)) {
            throw TerraneException.unavailable(
                    ErrorCode.OVERLOADED,
                    "file cache is full of files in use: object=%s sizeBytes=%d usedBytes=%d"
                            + " maxBytes=%d",
                    objectName,
                    sizeBytes,
                    usedBytes,
                    bytesMax);
        }
        folder.refuseWithoutRoom(sizeBytes);
        var entry = new Entry(path, sizeBytes);
        add(objectName, entry);
        return entry;
    }

    private void add(String objectName, Entry entry) {
        entries.put(objectName, entry);
        usedBytes += entry.sizeBytes;
    }

    private long pinnedBytes() {
        return entries.values().stream()
                .filter(entry -> entry.pins > 0)
                .mapToLong(entry -> entry.sizeBytes)
                .sum();
    }

    /// Gives nothing up where that would not be enough for the cache's own bound.
    ///
    /// @param newBytes of them are not on this disk yet
    private boolean makeRoom(long sizeBytes, long newBytes) {
        if (pinnedBytes() + sizeBytes > bytesMax) {
            return false;
        }
        long aboveOwn = usedBytes + sizeBytes - bytesMax;
        long aboveDisk = newBytes + freeMin - folder.freeBytes();
        evict(Math.max(aboveOwn, aboveDisk));
        return true;
    }

    /// As much as that, as far as nobody holds it.
    private void evict(long sizeBytes) {
        long above = sizeBytes;
        var oldest = entries.values().iterator();
        while (above > 0 && oldest.hasNext()) {
            var entry = oldest.next();
            if (entry.pins == 0) {
                oldest.remove();
                usedBytes -= entry.sizeBytes;
                above -= entry.sizeBytes;
                CacheFolder.delete(entry.path);
            }
        }
    }

    private Handle downloaded(String objectName, Entry entry) throws InterruptedException {
        boolean whole = false;
        try {
            download(objectName, entry);
            whole = true;
            return new Handle(entry);
        } finally {
            settle(objectName, entry, whole);
        }
    }

    private void download(String objectName, Entry entry) throws InterruptedException {
        if (!store.download(objectName, entry.path)) {
            throw TerraneException.corrupt(
                    ErrorCode.CORRUPT_FILE, "data file is not in the store: object=%s", objectName);
        }
        long sizeBytes = CacheFolder.sizeBytes(entry.path);
        if (sizeBytes != entry.sizeBytes) {
            throw TerraneException.corrupt(
                    ErrorCode.CORRUPT_FILE,
                    "data file has another size than the manifest says: object=%s sizeBytes=%d"
                            + " expectedBytes=%d",
                    objectName,
                    sizeBytes,
                    entry.sizeBytes);
        }
    }

    private void settle(String objectName, Entry entry, boolean whole) {
        lock.lock();
        try {
            if (whole) {
                entry.ready = true;
            } else {
                CacheFolder.delete(entry.path);
                entries.remove(objectName);
                usedBytes -= entry.sizeBytes;
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Guarded by the lock, but for the two fields that never change.
    private static final class Entry {
        final Path path;
        final long sizeBytes;

        /// Of its downloader, to begin with.
        int pins = 1;

        boolean ready;

        Entry(Path path, long sizeBytes) {
            this.path = path;
            this.sizeBytes = sizeBytes;
        }
    }
}
