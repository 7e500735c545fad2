package terrane.engine.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Objects in memory, for tests that need no real ones.
public final class MemoryObjectStore implements ObjectStore {
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public Created create(String name, byte[] content) {
        var before = objects.putIfAbsent(ObjectNames.checked(name), content.clone());
        return before == null ? Created.CREATED : Created.REFUSED;
    }

    @Override
    public void upload(String name, Path file) {
        try {
            objects.put(ObjectNames.checked(name), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> read(String name) {
        return Optional.ofNullable(objects.get(ObjectNames.checked(name))).map(byte[]::clone);
    }

    @Override
    public boolean download(String name, Path file) {
        var content = read(name);
        try {
            if (content.isPresent()) {
                Files.write(file, content.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return content.isPresent();
    }

    @Override
    public List<Listed> list(String prefix) {
        ObjectNames.checkedPrefix(prefix);
        return objects.tailMap(prefix).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new Listed(entry.getKey(), entry.getValue().length, Instant.EPOCH))
                .toList();
    }

    @Override
    public void delete(String name) {
        objects.remove(ObjectNames.checked(name));
    }

    @Override
    public void close() {
        // Its content is what the next user of the same instance finds.
    }
}
