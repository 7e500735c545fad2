package terrane.engine.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// File operations that have reached the disk when they return.
final class DurableFiles {
    /// 4,096 paths of some 200 bytes: 1 MB, for 1,000 regions and their parents.
    private static final int FOLDERS_MAX = 4096;

    private final Path root;

    /// Folders whose way from the root is known to be on disk.
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    DurableFiles(Path root) {
        this.root = root;
    }

    static void write(Path file, byte[] content) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (var source = FileChannel.open(from, StandardOpenOption.READ);
                var target =
                        FileChannel.open(
                                to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = source.size();
            long at = 0;
            while (at < size) {
                at += source.transferTo(at, size - at, target);
            }
            target.force(true);
        }
    }

    static void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes a folder below the root, and its parents. Syncs also those that another process has
    /// made, because that one may not have come to it.
    void folder(Path folder) throws IOException {
        if (folder.equals(root) || durable.contains(folder)) {
            return;
        }
        var parent = folder.getParent();
        if (parent == null) {
            throw new IOException("not below the root: " + folder);
        }
        folder(parent);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        syncFolder(parent);
        if (durable.size() >= FOLDERS_MAX) {
            durable.clear();
        }
        durable.add(folder);
    }

    /// An interrupted thread finds its channel closed; that is no failure of the disk.
    static void rethrowInterrupt(IOException e) throws InterruptedException {
        if (e instanceof ClosedByInterruptException) {
            // The exception says it from now on, so the flag must not say it again.
            Thread.interrupted();
            var interrupted = new InterruptedException("interrupted during file access");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
