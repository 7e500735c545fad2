package terrane.sim.world;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;

/// One run of one process: its threads, its clock, and whether it runs at all. A process that was
/// killed is never run again; whoever restarts it makes another.
public final class SimProcess implements Executor {
    private static final long MILLION = 1_000_000;

    private final World world;
    private final String host;
    private final long number;
    private final SimClock clock;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private final List<Runnable> onDeath = new ArrayList<>();
    private boolean dead;
    private boolean paused;
    private boolean suspended;
    private long pausedSinceNanos;
    private long suspendedNanos;
    private @org.jspecify.annotations.Nullable Cell first;

    // local = localBase + (world - worldBase) * (1 + driftPpm / 1,000,000)
    private long worldBase;
    private long localBase;
    private long driftPpm;

    /// How often, of a million looks at the clock, this process is paused or killed right there.
    private int boundaryPpm;

    private Runnable atBoundary = () -> {};

    /// @param number told apart in the trace
    public SimProcess(World world, String host, long number) {
        this.world = world;
        this.host = host;
        this.number = number;
        this.worldBase = world.nowNanos();
        this.localBase = world.chance().between(0, 1L << 40);
        this.clock = new SimClock(this);
    }

    public World world() {
        return world;
    }

    /// Where it runs: what network faults name.
    public String host() {
        return host;
    }

    long number() {
        return number;
    }

    public SimClock clock() {
        return clock;
    }

    public boolean isDead() {
        return dead;
    }

    public boolean isPaused() {
        return paused;
    }

    public boolean runs() {
        return !dead && !paused;
    }

    /// Starts a thread of this process; from anywhere.
    public void spawn(String name, Runnable body) {
        if (!dead) {
            VirtualThreads.on(this, name, () -> guarded(name, body)).start();
        }
    }

    private void guarded(String name, Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            world.fail("thread died: host=%s thread=%s error=%s".formatted(host, name, e));
            throw e;
        }
    }

    @Override
    public void execute(Runnable step) {
        if (dead) {
            return;
        }
        if (paused) {
            held.add(step);
        } else {
            world.ready(this, step);
        }
    }

    void run(Runnable step) {
        if (dead) {
            return;
        }
        if (paused) {
            held.add(step);
        } else {
            step.run();
        }
    }

    /// Has something done when this process is killed: what the machine does with what is left.
    public void onDeath(Runnable task) {
        onDeath.add(task);
    }

    /// Ends it at once: no thread of it runs again, nothing is tidied up.
    public void kill() {
        if (!dead) {
            dead = true;
            held.clear();
            List.copyOf(onDeath).forEach(Runnable::run);
            onDeath.clear();
        }
    }

    /// No thread of it runs for that long; its clock goes on.
    ///
    /// @param suspend whether the whole machine sleeps, so that waits that had begun take longer
    public void pause(Duration length, boolean suspend) {
        if (dead || paused) {
            return;
        }
        paused = true;
        suspended = suspend;
        pausedSinceNanos = world.nowNanos();
        world.after(length, this::resume);
    }

    private void resume() {
        if (dead) {
            return;
        }
        paused = false;
        if (suspended) {
            suspendedNanos += world.nowNanos() - pausedSinceNanos;
        }
        var waiting = first;
        first = null;
        if (waiting == null) {
            release();
        } else {
            // Whoever was stopped in the middle goes on first: it may hold a monitor, and what the
            // JVM does with a contended one is not decided by the seed.
            waiting.wake();
            world.after(0, this::release);
        }
    }

    private void release() {
        while (!paused && !held.isEmpty()) {
            world.ready(this, held.remove());
        }
    }

    /// How long it was suspended in all.
    long suspendedNanos() {
        return suspendedNanos;
    }

    /// From now on its clock runs so much faster or slower.
    public void drift(long ppm) {
        long local = clockNanos();
        worldBase = world.nowNanos();
        localBase = local;
        driftPpm = ppm;
    }

    long clockNanos() {
        long passed = world.nowNanos() - worldBase;
        return localBase + passed + passed / MILLION * driftPpm;
    }

    /// How long that much of its own time is in the world's.
    long worldNanos(long ownNanos) {
        return Math.round((double) ownNanos * MILLION / (MILLION + driftPpm));
    }

    /// Calls `task` at so many of a million looks at the clock, on the thread that looked.
    public void atBoundaries(int ppm, Runnable task) {
        boundaryPpm = ppm;
        atBoundary = task;
    }

    /// Called wherever a process may be stopped between two lines.
    void boundary() {
        if (boundaryPpm == 0 || dead || paused || !Thread.currentThread().isVirtual()) {
            return;
        }
        if (world.chance().perMillion(boundaryPpm)) {
            atBoundary.run();
            stopHere();
        }
    }

    private void stopHere() {
        if (dead) {
            new Cell().awaitUninterruptibly(); // for ever
        } else if (paused) {
            var here = new Cell();
            first = here;
            here.awaitUninterruptibly();
        }
    }
}
