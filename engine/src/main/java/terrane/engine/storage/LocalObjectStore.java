package terrane.engine.storage;

import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Objects as files in a folder that all nodes see.
///
/// A create is a temporary file, `fsync`, a hard link under the name, and `fsync` of the folder: of
/// 8 threads exactly one won in each of 150 rounds, whereas a rename let two win.
public final class LocalObjectStore implements ObjectStore {
    /// No object's name starts with a dot.
    private static final String PENDING = ".pending";

    /// No create takes as long; one that did would find its file gone and try again.
    private static final Duration PENDING_AGE_MAX = Duration.ofDays(1);

    private final Path root;
    private final Path pending;
    private final Randomness randomness;
    private final DurableFiles files;

    /// @param root made if it is not there
    /// @throws TerraneException.Unavailable if it cannot be made or written to
    public LocalObjectStore(Path root, Randomness randomness) throws InterruptedException {
        this.randomness = randomness;
        try {
            this.root = Files.createDirectories(root).toRealPath();
            this.files = new DurableFiles(this.root);
            this.pending = this.root.resolve(PENDING);
            files.folder(pending);
            dropAbandoned();
        } catch (IOException e) {
            throw failed("open", root.toString(), e);
        }
    }

    @Override
    public Created create(String name, byte[] content) throws InterruptedException {
        var target = path(name);
        var temporary = temporary();
        try {
            files.folder(parent(target));
            DurableFiles.write(temporary, content);
        } catch (IOException e) {
            drop(temporary);
            throw failed("create", name, e); // no link was tried, so nothing is there
        }
        try {
            return link(target, temporary);
        } catch (IOException e) {
            DurableFiles.rethrowInterrupt(e);
            return Created.UNKNOWN;
        } finally {
            drop(temporary);
        }
    }

    private static Created link(Path target, Path temporary) throws IOException {
        var outcome = Created.CREATED;
        try {
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            outcome = Created.REFUSED;
        }
        // Also when refused: the caller may find that it is its own, and rely on it.
        DurableFiles.syncFolder(parent(target));
        return outcome;
    }

    @Override
    public void upload(String name, Path file) throws InterruptedException {
        var target = path(name);
        var temporary = temporary();
        try {
            files.folder(parent(target));
            DurableFiles.copy(file, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncFolder(parent(target));
        } catch (IOException e) {
            drop(temporary);
            throw failed("upload", name, e);
        }
    }

    @Override
    public Optional<byte[]> read(String name) throws InterruptedException {
        try {
            return Optional.of(Files.readAllBytes(path(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("read", name, e);
        }
    }

    @Override
    public boolean download(String name, Path file) throws InterruptedException {
        var part = Downloads.part(file);
        try {
            Files.deleteIfExists(part);
            Files.copy(path(name), part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return absent(name, e);
        } catch (IOException e) {
            drop(part);
            throw failed("download", name, e);
        }
    }

    /// It may as well be the folder to copy to that does not exist.
    private boolean absent(String name, NoSuchFileException e) throws InterruptedException {
        if (Files.exists(path(name))) {
            throw failed("download", name, e);
        }
        return false;
    }

    @Override
    public List<Listed> list(String prefix) throws InterruptedException {
        ObjectNames.checkedPrefix(prefix);
        var folder = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
        var found = new ArrayList<Listed>();
        try {
            if (Files.isDirectory(folder)) {
                Files.walkFileTree(folder, new Lister(prefix, found));
            }
        } catch (IOException e) {
            throw failed("list", prefix, e);
        }
        found.sort(Comparator.comparing(Listed::name));
        return found;
    }

    @Override
    public void delete(String name) throws InterruptedException {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            throw failed("delete", name, e);
        }
    }

    @Override
    public void close() {
        // Nothing is kept open between calls.
    }

    private Path path(String name) {
        return root.resolve(ObjectNames.checked(name));
    }

    private Path temporary() {
        return pending.resolve("%016x".formatted(randomness.nextLong()));
    }

    private static Path parent(Path target) {
        var parent = target.getParent();
        return parent == null ? target : parent;
    }

    private void dropAbandoned() throws IOException {
        try (var left = Files.newDirectoryStream(pending)) {
            var oldest = Files.getLastModifiedTime(pending).toInstant().minus(PENDING_AGE_MAX);
            for (var file : left) {
                if (modified(file).isBefore(oldest)) {
                    drop(file);
                }
            }
        }
    }

    private static Instant modified(Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX;
        }
    }

    /// What cannot be deleted now is dropped with the next opening.
    private static void drop(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            System.getLogger(LocalObjectStore.class.getName())
                    .log(System.Logger.Level.DEBUG, "file left behind: path=" + temporary, e);
        }
    }

    private static TerraneException failed(String what, String name, IOException e)
            throws InterruptedException {
        DurableFiles.rethrowInterrupt(e);
        return new TerraneException.Unavailable(
                ErrorCode.STORAGE_UNAVAILABLE,
                "shared folder cannot %s: object=%s error=%s".formatted(what, name, e),
                Duration.ofMillis(50),
                e);
    }

    /// Collects what is there; what vanishes meanwhile was not there.
    private final class Lister extends SimpleFileVisitor<Path> {
        private final String prefix;
        private final List<Listed> found;

        Lister(String prefix, List<Listed> found) {
            this.prefix = prefix;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(pending) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString();
            if (attributes.isRegularFile() && name.startsWith(prefix)) {
                found.add(
                        new Listed(
                                name,
                                attributes.size(),
                                attributes.lastModifiedTime().toInstant()));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }
}
