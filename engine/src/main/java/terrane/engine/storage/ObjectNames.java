package terrane.engine.storage;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.util.regex.Pattern;

/// Which names objects may have. The same for every store, so that what works in a folder works on
/// S3: nothing that a file system or a URL reads as anything but a name.
public final class ObjectNames {
    /// S3 allows 1,024 bytes of which a configured prefix takes some.
    private static final int LENGTH_MAX = 800;

    /// What file systems allow is 255, and a name gets a suffix while it is downloaded.
    private static final int SEGMENT_MAX = 200;

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_=-][A-Za-z0-9_=.-]*");

    private ObjectNames() {}

    /// @return the name
    /// @throws TerraneException.Rejected if it is not one; `..` and absolute paths are not
    public static String checked(String name) {
        if (name.length() > LENGTH_MAX) {
            throw rejected(name);
        }
        for (String segment : name.split("/", -1)) {
            if (segment.length() > SEGMENT_MAX || !SEGMENT.matcher(segment).matches()) {
                throw rejected(name);
            }
        }
        return name;
    }

    /// A prefix is the beginning of a name, up to and with a slash, or empty.
    public static String checkedPrefix(String prefix) {
        if (!prefix.isEmpty()) {
            checked(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
        }
        return prefix;
    }

    private static TerraneException.Rejected rejected(String name) {
        return TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT,
                "not an object name: '%s' (letters, digits and -_.= in segments that do not start"
                        + " with a dot)",
                name);
    }
}
