package terrane.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A native library that its driver unpacks into the folder for temporary files and deletes when
/// the process ends in order. A process that is killed would leave it behind, 70 MB of it each
/// time.
public final class UnpackedLibrary {
    private static final System.Logger LOG = System.getLogger(UnpackedLibrary.class.getName());

    /// What this process has loaded, with the file of each. Linux has it, others do without.
    private static final Path LOADED = Path.of("/proc/self/maps");

    private UnpackedLibrary() {}

    /// Deletes the file of a library that is loaded, which stays loaded. Does nothing if it was
    /// deleted before, or cannot be: then it is deleted in the end, as the driver wants it.
    ///
    /// @param name what the file's name begins with
    public static void deleteLoaded(String name) {
        try {
            for (var file : loaded(name)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.log(Level.DEBUG, "an unpacked library remains for now: " + name, e);
        }
    }

    private static List<Path> loaded(String name) throws IOException {
        var temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        try (var lines = Files.lines(LOADED)) {
            return lines.filter(line -> line.endsWith(".so") && line.indexOf('/') >= 0)
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .filter(file -> file.startsWith(temporary))
                    .filter(file -> file.getFileName().toString().startsWith(name))
                    .distinct()
                    .toList();
        }
    }
}
