package terrane.sim.storage;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.engine.storage.ObjectStore;
import terrane.sim.net.Network;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;
import terrane.sim.world.World;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// All objects, and how well the storage answers.
public final class SimStorage {
    /// Where the storage is, for cuts.
    public static final String HOST = "storage";

    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final long LATE_MAX_NANOS = Duration.ofSeconds(15).toNanos();

    /// What may become of a create, and of other calls.
    public enum Fault {
        /// The create takes place, its answer is lost.
        LOST_ANSWER,
        /// The answer is "unknown", and the create takes place later, or is refused then.
        LATE,
        /// The answer is "unknown", as after a 409, and nothing takes place.
        CONFLICT,
        /// It takes place, and its own second try was refused.
        REFUSED_BY_ITSELF,
        /// No answer in time.
        AWAY
    }

    private final World world;
    private final Network network;
    private final TreeMap<String, byte[]> objects = new TreeMap<>();
    private final Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    private final List<Consumer<String>> onDelete = new ArrayList<>();
    private final List<BiConsumer<String, byte[]>> onCreate = new ArrayList<>();
    private int faultPercent;
    private boolean away;
    private Duration slowness = Duration.ZERO;

    public SimStorage(World world, Network network) {
        this.world = world;
        this.network = network;
    }

    /// So many of a hundred calls meet a fault.
    public void faults(int percent) {
        faultPercent = percent;
    }

    public void away(boolean now) {
        away = now;
    }

    /// Every call takes up to that much longer.
    public void slow(Duration by) {
        slowness = by;
    }

    public Map<Fault, Integer> injected() {
        return injected;
    }

    /// Is told the name of whatever is to be deleted, before it is.
    public void onDelete(Consumer<String> observer) {
        onDelete.add(observer);
    }

    /// Is told the name and the content of whatever was created.
    public void onCreate(BiConsumer<String, byte[]> observer) {
        onCreate.add(observer);
    }

    /// What is there now, for those who check.
    public Optional<byte[]> look(String name) {
        return Optional.ofNullable(objects.get(name));
    }

    public List<String> names(String prefix) {
        return objects.tailMap(prefix).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .toList();
    }

    Instant modified() {
        return Instant.EPOCH.plusNanos(world.nowNanos());
    }

    /// One call by `process`: `effect` takes place in the midst of it, if it reaches the storage.
    ///
    /// @throws TerraneException.Unavailable if there is no answer in time, and perhaps an effect
    void call(SimProcess process, Runnable effect) throws InterruptedException {
        boolean faulty = world.chance().percent(faultPercent);
        var answered = new Cell();
        long there = delayNanos();
        BooleanSupplier reached =
                () ->
                        !away
                                && network.reaches(process.host(), HOST)
                                && (!faulty || chanceOfEffect());
        world.after(
                there,
                () -> {
                    if (reached.getAsBoolean()) {
                        effect.run();
                        if (!faulty && network.reaches(HOST, process.host())) {
                            world.after(delayNanos(), answered::wake);
                        }
                    }
                });
        if (!process.clock().await(answered, ANSWER_MAX)) {
            count(Fault.AWAY);
            throw TerraneException.unavailable(
                    ErrorCode.STORAGE_UNAVAILABLE, "storage does not answer");
        }
    }

    private boolean chanceOfEffect() {
        return world.chance().percent(50);
    }

    ObjectStore.Created create(SimProcess process, String name, byte[] content)
            throws InterruptedException {
        if (world.chance().percent(faultPercent)) {
            var fault = world.chance().pick(List.of(Fault.values()));
            if (fault != Fault.AWAY) {
                count(fault);
                return faulty(process, fault, name, content);
            }
        }
        var result = new ArrayList<ObjectStore.Created>();
        try {
            call(process, () -> result.add(createNow(name, content)));
        } catch (TerraneException.Unavailable e) {
            return ObjectStore.Created.UNKNOWN;
        }
        return result.getFirst();
    }

    private ObjectStore.Created faulty(SimProcess process, Fault fault, String name, byte[] content)
            throws InterruptedException {
        process.clock().sleep(Duration.ofNanos(delayNanos()));
        return switch (fault) {
            case LOST_ANSWER -> {
                createNow(name, content);
                yield ObjectStore.Created.UNKNOWN;
            }
            case LATE -> {
                world.after(
                        world.chance().between(0, LATE_MAX_NANOS), () -> createNow(name, content));
                yield ObjectStore.Created.UNKNOWN;
            }
            case REFUSED_BY_ITSELF -> {
                createNow(name, content);
                yield ObjectStore.Created.REFUSED;
            }
            case CONFLICT, AWAY -> ObjectStore.Created.UNKNOWN;
        };
    }

    ObjectStore.Created createNow(String name, byte[] content) {
        world.trace().add(content);
        if (objects.putIfAbsent(name, content.clone()) != null) {
            return ObjectStore.Created.REFUSED;
        }
        onCreate.forEach(observer -> observer.accept(name, content));
        return ObjectStore.Created.CREATED;
    }

    void put(String name, byte[] content) {
        objects.put(name, content);
    }

    void deleteNow(String name) {
        if (objects.containsKey(name)) {
            onDelete.forEach(observer -> observer.accept(name));
            objects.remove(name);
        }
    }

    private void count(Fault fault) {
        injected.merge(fault, 1, Integer::sum);
    }

    private long delayNanos() {
        long slow = slowness.isZero() ? 0 : world.chance().between(0, slowness.toNanos());
        return network.delayNanos() + world.chance().between(200_000, 3_000_000) + slow;
    }
}
