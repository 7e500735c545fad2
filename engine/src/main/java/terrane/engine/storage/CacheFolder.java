package terrane.engine.storage;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.regex.Pattern;

/// The folder of one [FileCache]: empty at first, and nobody else's for as long as it is open.
///
/// Files are numbered and numbers never used twice, so that nothing which remembers a file by its
/// path (as DuckDB may) takes one for another.
final class CacheFolder implements AutoCloseable {
    private static final Pattern OWN = Pattern.compile("cached-[0-9]+\\.parquet(\\.part)?");
    private static final String LOCK = ".lock";

    private final Path folder;
    private final FileChannel lockFile;
    private long files;

    /// @throws TerraneException.Unavailable if it cannot be used, or another cache uses it
    CacheFolder(Path folder) {
        try {
            this.folder = Files.createDirectories(folder).toRealPath();
            this.lockFile = locked(this.folder.resolve(LOCK));
            empty();
        } catch (IOException e) {
            throw failed("open", folder, e);
        }
    }

    private static FileChannel locked(Path file) throws IOException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // another cache of this process
        }
        if (lock == null) {
            channel.close();
            throw TerraneException.unavailable(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    "cache folder is used by another node: lock=%s",
                    file);
        }
        return channel;
    }

    /// A path that no file has had before, in a folder that is there: people and their jobs tidy
    /// up, and nothing is lost by that.
    Path fresh() {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw failed("make its folder", folder, e);
        }
        return folder.resolve("cached-" + files++ + ".parquet");
    }

    /// On the disk on which it lies.
    long freeBytes() {
        return folder.toFile().getUsableSpace();
    }

    /// @throws TerraneException.Unavailable if a file of that size does not fit on the disk
    void refuseWithoutRoom(long sizeBytes) {
        long freeBytes = freeBytes();
        if (freeBytes < sizeBytes) {
            throw TerraneException.unavailable(
                    ErrorCode.FOLDER_FAILED,
                    "local disk has no room for a copy of a data file, make some: folder=%s"
                            + " freeBytes=%d neededBytes=%d",
                    folder,
                    freeBytes,
                    sizeBytes);
        }
    }

    /// @return whether it could be moved; if not, the log says why
    static boolean move(Path from, Path to) {
        try {
            Files.move(from, to);
            return true;
        } catch (IOException e) {
            warn("file cannot be kept in the cache", from, e);
            return false;
        }
    }

    static long sizeBytes(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw failed("measure", file, e);
        }
    }

    /// What cannot be deleted is gone with the next start; until then it takes space that the cache
    /// does not count.
    static void delete(Path file) {
        try {
            Files.deleteIfExists(Downloads.part(file));
            Files.deleteIfExists(file);
        } catch (IOException e) {
            warn("cached file cannot be deleted", file, e);
        }
    }

    private static void warn(String what, Path file, IOException e) {
        System.getLogger(FileCache.class.getName())
                .log(System.Logger.Level.WARNING, what + ": path={0} error={1}", file, e);
    }

    private void empty() throws IOException {
        try (var left = Files.newDirectoryStream(folder)) {
            for (var file : left) {
                if (OWN.matcher(String.valueOf(file.getFileName())).matches()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            empty();
            lockFile.close(); // and with it goes the lock
        } catch (IOException e) {
            throw failed("close", folder, e);
        }
    }

    private static TerraneException.Unavailable failed(String what, Path path, IOException e) {
        return new TerraneException.Unavailable(
                ErrorCode.STORAGE_UNAVAILABLE,
                "file cache cannot %s: path=%s error=%s".formatted(what, path, e),
                Duration.ofSeconds(1),
                e);
    }
}
