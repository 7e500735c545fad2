package terrane.engine.storage;

import java.nio.file.Path;

/// How a file appears whole or not: it is written under another name beside its own.
final class Downloads {
    static final String SUFFIX = ".part";

    private Downloads() {}

    static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + SUFFIX);
    }
}
