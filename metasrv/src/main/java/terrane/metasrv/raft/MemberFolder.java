package terrane.metasrv.raft;

import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.StorageImplUtils;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.formation.Standing;
import terrane.core.formation.StandingCodec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.UUID;

/// A member's folder, and what it says of the member's past: a file beside Raft's own.
///
/// Raft's files are there before the folder says that it is part of a cluster, so that one that
/// says so and has none has lost them. Until it says so, Raft has not been opened on them.
public final class MemberFolder {
    static final String MARK = "formation";

    private final Path directory;
    private volatile Standing standing;

    private MemberFolder(Path directory, Standing standing) {
        this.directory = directory;
        this.standing = standing;
    }

    /// Reads what the folder says of itself; has it say that it is blank if it is empty or does not
    /// exist.
    ///
    /// @throws TerraneException.Rejected if it has lost Raft's files
    /// @throws TerraneException.Corrupt if what it says cannot be read
    public static MemberFolder open(Path directory, Randomness randomness) {
        try {
            var mark = directory.resolve(MARK);
            if (!Files.exists(mark)) {
                if (Files.exists(group(directory))) {
                    return new MemberFolder(directory, Standing.Formed.UNKNOWN);
                }
                createDurably(directory.toAbsolutePath());
                var folder = new MemberFolder(directory, Standing.Formed.UNKNOWN);
                folder.say(new Standing.Blank(randomness.nextUuid()));
                return folder;
            }
            var standing = StandingCodec.decode(Files.readAllBytes(mark));
            refuseTorn(directory, standing);
            return new MemberFolder(directory, standing);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the folder " + directory, e);
        }
    }

    private static Path group(Path directory) {
        return directory.resolve(RaftCatalogStore.GROUP.getUuid().toString());
    }

    private static void refuseTorn(Path directory, Standing standing) {
        if (standing instanceof Standing.Formed(var folders)
                && !folders.isEmpty()
                && !Files.exists(group(directory))) {
            throw TerraneException.rejected(
                    ErrorCode.FOLDER_LOST,
                    "this metasrv took part in a cluster, and its Raft log is gone: folder=%s. %s",
                    directory,
                    Forming.ADVICE);
        }
    }

    public Standing standing() {
        return standing;
    }

    /// Whether this member may neither vote nor be a candidate until a leader has spoken to it.
    boolean joins() {
        return Files.exists(directory.resolve(MARK)) && standing.equals(Standing.Formed.UNKNOWN);
    }

    /// Has the member wait for a leader, if its folder is blank; otherwise does nothing.
    public void join() {
        if (standing instanceof Standing.Blank) {
            say(Standing.Formed.UNKNOWN);
        }
    }

    /// Makes the member part of a cluster of these folders.
    void form(SortedMap<String, UUID> folders) {
        try {
            format();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the folder " + directory, e);
        }
        say(new Standing.Formed(folders));
    }

    /// What is there was left by a crash in the midst of this.
    private void format() throws IOException {
        delete(group(directory));
        var nowhere = new Address("127.0.0.1", 0); // nothing is opened
        var settings = RaftSettings.of(nowhere, directory, RaftSettings.Snapshots.DEFAULT);
        var name = RaftCatalogStore.GROUP.getUuid().toString();
        StorageImplUtils.initRaftStorage(name, RaftStorage.StartupOption.FORMAT, settings).close();
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// On disk before anybody can hear it.
    private void say(Standing next) {
        var file = directory.resolve(MARK);
        var whole = directory.resolve(MARK + ".new");
        try {
            try (var out =
                    FileChannel.open(
                            whole,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(StandingCodec.encode(next));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        standing = next;
    }

    private static void createDurably(Path directory) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        var parent = directory.getParent();
        if (parent != null) {
            createDurably(parent);
        }
        Files.createDirectories(directory);
        if (parent != null) {
            sync(parent);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
