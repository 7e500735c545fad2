package terrane.engine.storage;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// A store with faults in front of another: drawn by a seed, or asked for one by one. For one
/// thread.
public final class FaultyObjectStore implements ObjectStore {
    /// What may happen to a call.
    public enum Fault {
        NONE,
        /// The create takes place, its answer is lost.
        LOST_ANSWER,
        /// The answer is "unknown", and the create takes place later, or is refused then.
        LATE,
        /// The answer is "unknown", as after a 409, and nothing takes place.
        CONFLICT,
        /// The store does not answer at all, and nothing takes place.
        AWAY
    }

    private final ObjectStore inner;
    private final SplittableRandom random;
    private final int percent;
    private final Deque<Fault> script = new ArrayDeque<>();
    private final List<Runnable> late = new ArrayList<>();
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);

    /// @param percent how many of a hundred calls fail
    public FaultyObjectStore(ObjectStore inner, long seed, int percent) {
        this.inner = inner;
        this.random = new SplittableRandom(seed);
        this.percent = percent;
    }

    /// The next creates meet these, in order.
    public void next(Fault... faults) {
        script.addAll(List.of(faults));
    }

    /// Forgets what was asked for.
    public void calm() {
        script.clear();
    }

    /// Lets what is late take place.
    public void deliver() {
        late.forEach(Runnable::run);
        late.clear();
    }

    /// How often each fault has happened.
    public Map<Fault, Integer> injected() {
        return injected;
    }

    private Fault draw() {
        var fault = Fault.NONE;
        if (!script.isEmpty()) {
            fault = script.remove();
        } else if (random.nextInt(100) < percent) {
            fault = Fault.values()[random.nextInt(1, Fault.values().length)];
        }
        injected.merge(fault, 1, Integer::sum);
        return fault;
    }

    @Override
    public Created create(String name, byte[] content) throws InterruptedException {
        if (percent > 0 && !late.isEmpty() && random.nextInt(3) == 0) {
            late.remove(random.nextInt(late.size())).run();
        }
        return switch (draw()) {
            case NONE -> inner.create(name, content);
            case LOST_ANSWER -> {
                inner.create(name, content);
                yield Created.UNKNOWN;
            }
            case LATE -> {
                late.add(() -> createQuietly(name, content));
                yield Created.UNKNOWN;
            }
            case CONFLICT -> Created.UNKNOWN;
            case AWAY -> throw away();
        };
    }

    private void createQuietly(String name, byte[] content) {
        try {
            inner.create(name, content);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void mayBeAway() {
        if (script.isEmpty() && random.nextInt(100) < percent) {
            throw away();
        }
    }

    private static TerraneException.Unavailable away() {
        return TerraneException.unavailable(ErrorCode.STORAGE_UNAVAILABLE, "injected by the test");
    }

    @Override
    public void upload(String name, Path file) throws InterruptedException {
        mayBeAway();
        inner.upload(name, file);
    }

    @Override
    public Optional<byte[]> read(String name) throws InterruptedException {
        mayBeAway();
        return inner.read(name);
    }

    @Override
    public boolean download(String name, Path file) throws InterruptedException {
        mayBeAway();
        return inner.download(name, file);
    }

    @Override
    public List<Listed> list(String prefix) throws InterruptedException {
        mayBeAway();
        return inner.list(prefix);
    }

    @Override
    public void delete(String name) throws InterruptedException {
        mayBeAway();
        inner.delete(name);
    }

    @Override
    public void close() {
        inner.close();
    }
}
