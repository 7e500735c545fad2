package terrane.metasrv.raft;

import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.server.storage.StorageImplUtils;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.MD5FileUtil;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;

/// A catalog as text, to be kept somewhere else: a line that names the form, then base64 of the
/// catalog and the checksum over it.
public final class CatalogBackup {
    static final String FORM = "terrane metasrv backup, form 1\n";
    private static final int LINE_CHARS = 76;
    private static final byte[] NEWLINE = {'\n'};

    /// Where the log of a restored group begins. Any place does that is the same for all members.
    private static final long TERM = 1;

    private static final long INDEX = 1;

    private CatalogBackup() {}

    /// Of a catalog that nobody changes meanwhile.
    public static String of(Catalog catalog) {
        var encoder = Base64.getMimeEncoder(LINE_CHARS, NEWLINE);
        return FORM + encoder.encodeToString(CatalogSnapshot.encode(catalog)) + "\n";
    }

    /// Reads all of it and forgets it.
    ///
    /// @throws TerraneException.Rejected if it is no backup
    /// @throws TerraneException.Corrupt if it is damaged or cut off
    public static void check(String backup) {
        read(backup);
    }

    private static Catalog read(String backup) {
        if (!backup.startsWith(FORM)) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "not a backup of a metasrv, or of another form");
        }
        try {
            var text = backup.substring(FORM.length()).replace("\n", "");
            return CatalogSnapshot.decode(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw TerraneException.corrupt(ErrorCode.CORRUPT_RECORD, "backup is damaged: %s", e);
        }
    }

    /// Makes a metasrv's folder from a backup. Every member of the group is to be made from the
    /// same one, and none may be running.
    ///
    /// @param directory as in [RaftCatalogStore.Config]; must not exist or be empty
    /// @throws TerraneException.Rejected if the folder is not empty, or it is no backup
    /// @throws TerraneException.Corrupt if the backup is damaged or cut off
    public static void restore(String backup, Path directory) {
        var catalog = read(backup);
        // The same on every member: of ended procedures it is only shown when.
        catalog.restored(Instant.EPOCH);
        try {
            refuseUnlessEmpty(directory);
            write(CatalogSnapshot.encode(catalog), directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot restore into " + directory, e);
        }
    }

    /// As Ratis would have left it after a snapshot whose log is gone.
    private static void write(byte[] snapshot, Path directory) throws IOException {
        Files.createDirectories(directory);
        var nowhere = new Address("127.0.0.1", 0); // nothing is opened
        var settings = RaftSettings.of(nowhere, directory, RaftSettings.Snapshots.DEFAULT);
        var group = RaftCatalogStore.GROUP.getUuid().toString();
        try (RaftStorage storage =
                StorageImplUtils.initRaftStorage(
                        group, RaftStorage.StartupOption.FORMAT, settings)) {
            storage.getMetadataFile().persist(RaftStorageMetadata.valueOf(TERM, null));
            var name = SimpleStateMachineStorage.getSnapshotFileName(TERM, INDEX);
            var folder = storage.getStorageDir().getStateMachineDir().toPath();
            var file = Files.createDirectories(folder).resolve(name).toFile();
            try (var out = new AtomicFileOutputStream(file)) {
                out.write(snapshot);
            }
            MD5FileUtil.computeAndSaveMd5ForFile(file);
        }
    }

    private static void refuseUnlessEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_ARGUMENT,
                        "the folder is not empty, and what is in it is newer than any backup: %s",
                        directory);
            }
        }
    }

    /// The bytes of a file that holds a backup.
    public static String load(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
