package terrane.engine.storage;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Named objects that are created once and never changed. Names are relative, `/`-separated, of
/// letters, digits, `-`, `_`, `.` and `=`.
///
/// Every method throws [terrane.core.TerraneException.Unavailable] (code STORAGE_UNAVAILABLE) if
/// the store does not answer in its time.
public interface ObjectStore extends AutoCloseable {
    /// What became of a create.
    enum Created {
        /// The object is there with these bytes, by this call.
        CREATED,
        /// An object of that name was there before, and still is. It may be this call's own, from a
        /// try whose answer was lost: read it to find out.
        REFUSED,
        /// It may be there now, come later, or never: try the same name again.
        UNKNOWN
    }

    /// Creates an object if there is none of that name, durably. For small objects.
    Created create(String name, byte[] content) throws InterruptedException;

    /// Uploads a file under a name that nobody else ever uses; overwriting its own earlier try is
    /// harmless. Durable when it returns.
    void upload(String name, Path file) throws InterruptedException;

    /// @return the content, or empty if there is no such object
    Optional<byte[]> read(String name) throws InterruptedException;

    /// Copies an object into a local file, which must not exist; the file appears whole or not.
    ///
    /// @return false if there is no such object
    boolean download(String name, Path file) throws InterruptedException;

    /// All objects whose names start with `prefix`, in order of their names.
    List<Listed> list(String prefix) throws InterruptedException;

    /// Deletes an object; no error if there is none.
    void delete(String name) throws InterruptedException;

    @Override
    void close();

    record Listed(String name, long sizeBytes, Instant modified) {}
}
