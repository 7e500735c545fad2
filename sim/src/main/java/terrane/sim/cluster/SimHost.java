package terrane.sim.cluster;

import org.jspecify.annotations.Nullable;

import terrane.sim.world.SimProcess;
import terrane.sim.world.World;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A machine with one role on it, which is started again after every end.
public abstract class SimHost {
    private final World world;
    private final String name;
    private final long number;
    private final List<Consumer<SimProcess>> onStart = new ArrayList<>();
    private @Nullable SimProcess process;
    private long driftPpm;
    private long runs;

    SimHost(World world, String name, long number) {
        this.world = world;
        this.name = name;
        this.number = number;
    }

    public String name() {
        return name;
    }

    World world() {
        return world;
    }

    /// The run that is under way; null between two.
    public @Nullable SimProcess process() {
        return process;
    }

    public boolean runs() {
        var now = process;
        return now != null && now.runs();
    }

    long run() {
        return runs;
    }

    /// From now on, and after restarts, the clock of this machine is wrong by that much.
    public void drift(long ppm) {
        driftPpm = ppm;
        var now = process;
        if (now != null) {
            now.drift(ppm);
        }
    }

    /// Has something done with every run of it, the present one too.
    void eachRun(Consumer<SimProcess> task) {
        onStart.add(task);
        var now = process;
        if (now != null) {
            task.accept(now);
        }
    }

    void forgetEachRun() {
        onStart.clear();
    }

    /// Starts it, unless it runs.
    public void start() {
        if (process != null) {
            return;
        }
        var started = new SimProcess(world, name, number * 1_000 + ++runs);
        process = started;
        started.drift(driftPpm);
        started.onDeath(() -> {
            process = null;
            gone();
        });
        world.trace().say(world.nowNanos(), "start " + name);
        onStart.forEach(task -> task.accept(started));
        started.spawn("main-" + name, () -> begin(started));
    }

    /// `kill -9`, and a supervisor that starts it again after that time.
    public void kill(Duration restartAfter) {
        var now = process;
        if (now != null) {
            world.trace().say(world.nowNanos(), "kill " + name);
            now.kill();
        }
        world.after(restartAfter, this::start);
    }

    /// No thread of it runs for that long.
    public void pause(Duration length, boolean suspend) {
        var now = process;
        if (now != null) {
            world.trace().say(world.nowNanos(), "pause " + name + " " + length);
            now.pause(length, suspend);
        }
    }

    private void begin(SimProcess started) {
        try {
            run(started);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (terrane.core.TerraneException e) {
            world.trace().say(world.nowNanos(), "does not start: " + name + " " + e.text());
            kill(Duration.ofSeconds(1));
        }
    }

    /// The role's main thread; it may return while the role goes on.
    abstract void run(SimProcess started) throws InterruptedException;

    /// The run is over.
    abstract void gone();
}
