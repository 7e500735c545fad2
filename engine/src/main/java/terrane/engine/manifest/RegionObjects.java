package terrane.engine.manifest;

import terrane.core.Epoch;
import terrane.core.RegionId;
import terrane.engine.storage.ObjectStore;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The names of one region's objects:
///
///     regions/<table id>/<region id>/manifest/<version, 20 digits>
///     regions/<table id>/<region id>/data/<epoch>-<nonce, 16 hexadecimal digits>.parquet
public record RegionObjects(RegionId region) {
    private static final String DATA = "data/";
    private static final Pattern VERSION = Pattern.compile("[0-9]{20}");
    private static final Pattern DATA_FILE =
            Pattern.compile("data/([0-9]{1,18})-[0-9a-f]{16}\\.parquet");

    /// The common prefix of all of them, with a slash at its end.
    public String folder() {
        return "regions/" + region.table() + "/" + region + "/";
    }

    /// A name for a new data file, as it stands in [Manifest.DataFile#name]. No other leader makes
    /// the same, because the epoch is part of it, nor does this one, because the nonce is.
    public static String newFile(Epoch epoch, long nonce) {
        return "%s%s-%016x.parquet".formatted(DATA, epoch, nonce);
    }

    /// The object that holds a data file.
    public String object(Manifest.DataFile file) {
        return object(file.name());
    }

    /// @param fileName as in [Manifest.DataFile#name]
    public String object(String fileName) {
        return folder() + fileName;
    }

    String manifestFolder() {
        return folder() + "manifest/";
    }

    String manifest(long version) {
        return manifestFolder() + "%020d".formatted(version);
    }

    String dataFolder() {
        return folder() + DATA;
    }

    /// @return the version whose object has this name; empty for anything else
    OptionalLong version(String object) {
        if (!object.startsWith(manifestFolder())) {
            return OptionalLong.empty();
        }
        String number = object.substring(manifestFolder().length());
        if (!VERSION.matcher(number).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(number));
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // above 2^63: nobody wrote so many
        }
    }

    /// @return the epoch under which a data file was written; empty for any other object
    static Optional<Epoch> epochOf(String fileName) {
        var matcher = DATA_FILE.matcher(fileName);
        return matcher.matches()
                ? Optional.of(new Epoch(Long.parseLong(matcher.group(1))))
                : Optional.empty();
    }

    /// Deletes everything that a dropped region has left, manifests last, so that what is left
    /// after a crash still says what it was. Safe to repeat. Region ids are never reused, so the
    /// numbers that become free are never asked for again.
    public void deleteAll(ObjectStore store) throws InterruptedException {
        for (var object : store.list(dataFolder())) {
            store.delete(object.name());
        }
        for (var object : store.list(folder())) {
            store.delete(object.name());
        }
    }
}
