package terrane.cli.up;

import terrane.cli.process.Reasons;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/// Where a local cluster keeps everything. One process at a time holds it.
final class DataFolder implements AutoCloseable {
    private static final String SHAPE = "cluster.properties";
    private static final String METASRVS = "metasrvs";
    private static final String DATANODES = "datanodes";
    private static final String PORT_OFFSET = "port-offset";

    private final Path root;
    private final FileChannel channel;

    private DataFolder(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /// Makes the folder if it is not there.
    ///
    /// @throws TerraneException.Rejected if another process holds it, or it cannot be used
    static DataFolder open(Path root) {
        var lock = root.resolve("lock");
        try {
            Files.createDirectories(root);
            var channel =
                    FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel)) {
                return new DataFolder(root, channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new TerraneException.Rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "the folder %s cannot be used: %s; choose another with --data"
                            .formatted(root, Reasons.of(e)),
                    e);
        }
        throw TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT,
                "the folder %s is in use by another 'terrane up'; stop that one, or choose another"
                        + " folder with --data",
                root);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this process
        }
    }

    Path folder(String name) {
        return root.resolve(name);
    }

    /// What this folder's cluster was made with.
    Optional<ClusterShape> shape() {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(root.resolve(SHAPE))) {
            properties.load(in);
            return Optional.of(
                    new ClusterShape(
                            number(properties, METASRVS),
                            number(properties, DATANODES),
                            number(properties, PORT_OFFSET)));
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | NumberFormatException e) {
            throw new TerraneException.Corrupt(
                    ErrorCode.INTERNAL, "cannot read " + root.resolve(SHAPE), e);
        }
    }

    private static int number(Properties properties, String key) {
        return Integer.parseInt(properties.getProperty(key, ""));
    }

    void remember(ClusterShape shape) {
        var text =
                "# How 'terrane up' made this cluster.%n%s = %d%n%s = %d%n%s = %d%n"
                        .formatted(
                                METASRVS,
                                shape.metasrvs(),
                                DATANODES,
                                shape.datanodes(),
                                PORT_OFFSET,
                                shape.portOffset());
        try {
            Files.writeString(root.resolve(SHAPE), text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into " + root, e);
        }
    }

    /// Lets go of the folder; what is in it stays.
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the lock of " + root, e);
        }
    }
}
