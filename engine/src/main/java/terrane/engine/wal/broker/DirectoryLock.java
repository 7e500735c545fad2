package terrane.engine.wal.broker;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps a second broker away from a directory before it touches anything in it. Kafka's own lock
/// is taken only after formatting and in the midst of the start. The operating system releases it
/// when the process ends, however that happens.
record DirectoryLock(FileChannel file, FileLock lock) implements AutoCloseable {
    /// @throws TerraneException.Rejected if a broker uses the directory
    static DirectoryLock of(Path directory) throws IOException {
        var whole = directory.toAbsolutePath();
        Files.createDirectories(whole);
        var file =
                FileChannel.open(
                        whole.resolveSibling(whole.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            var lock = file.tryLock();
            if (lock != null) {
                return new DirectoryLock(file, lock);
            }
        } catch (OverlappingFileLockException e) {
            // A broker in this very process, to which the same applies.
        }
        file.close();
        throw TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT,
                "another broker uses the directory %s; stop it, or give this one another directory",
                whole);
    }

    @Override
    public void close() throws IOException {
        lock.release();
        file.close();
    }
}
