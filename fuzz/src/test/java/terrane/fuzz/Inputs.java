package terrane.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The inputs that are kept: where searches begin, and what they have found.
final class Inputs {
    private Inputs() {}

    static Path root() {
        return Path.of(System.getProperty("terrane.root", "..")).toAbsolutePath().normalize();
    }

    static Path folder(Target target) {
        return root().resolve("fuzz/inputs").resolve(target.folder());
    }

    static List<Path> of(Target target) throws IOException {
        try (Stream<Path> files = Files.list(folder(target))) {
            return files.sorted().toList();
        }
    }
}
