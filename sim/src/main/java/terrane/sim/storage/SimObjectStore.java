package terrane.sim.storage;

import terrane.engine.storage.ObjectNames;
import terrane.engine.storage.ObjectStore;
import terrane.sim.world.SimProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The storage as one simulated process has it. Files are real, in the process's own folder.
public final class SimObjectStore implements ObjectStore {
    private final SimStorage storage;
    private final SimProcess process;

    public SimObjectStore(SimStorage storage, SimProcess process) {
        this.storage = storage;
        this.process = process;
    }

    @Override
    public Created create(String name, byte[] content) throws InterruptedException {
        return storage.create(process, ObjectNames.checked(name), content);
    }

    @Override
    public void upload(String name, Path file) throws InterruptedException {
        ObjectNames.checked(name);
        byte[] content = read(file);
        storage.call(process, () -> storage.put(name, content));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<byte[]> read(String name) throws InterruptedException {
        ObjectNames.checked(name);
        var found = new ArrayList<Optional<byte[]>>();
        storage.call(process, () -> found.add(storage.look(name)));
        return found.getFirst().map(byte[]::clone);
    }

    @Override
    public boolean download(String name, Path file) throws InterruptedException {
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
    public List<Listed> list(String prefix) throws InterruptedException {
        ObjectNames.checkedPrefix(prefix);
        var found = new ArrayList<Listed>();
        storage.call(
                process,
                () -> {
                    for (var name : storage.names(prefix)) {
                        long size = storage.look(name).orElseThrow().length;
                        found.add(new Listed(name, size, storage.modified()));
                    }
                });
        return List.copyOf(found);
    }

    @Override
    public void delete(String name) throws InterruptedException {
        ObjectNames.checked(name);
        storage.call(process, () -> storage.deleteNow(name));
    }

    @Override
    public void close() {}
}
