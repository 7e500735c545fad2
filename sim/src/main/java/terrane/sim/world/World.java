package terrane.sim.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/// A simulated world: its time, what is due in it, and the threads that can run.
///
/// A step is either an event that is due or one run of one virtual thread up to its next wait; of
/// the threads that can run the seed picks one. Nobody else touches a world while [#run] runs.
public final class World {
    /// What a run of a thread takes at most, so that time passes also while nobody waits.
    private static final long STEP_NANOS_MAX = 3_000;

    /// A world in which so much happens at one seed hangs in a loop: a run has some 500,000.
    private static final long STEPS_MAX = 30_000_000;

    private final long seed;
    private final Chance chance;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Ready> ready = new ArrayList<>();
    private final Trace trace = new Trace();
    private final List<String> failures = new ArrayList<>();
    private final Monitors monitors = new Monitors();
    private Thread carrier = Thread.currentThread();
    private long nowNanos = 1_000_000_000L;
    private long sequence;
    private long steps;

    public World(long seed) {
        this.seed = seed;
        this.chance = new Chance(seed);
    }

    /// Something that is to happen at a time.
    private record Event(long atNanos, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /// A thread that can run.
    private record Ready(SimProcess process, Runnable step) {}

    public long seed() {
        return seed;
    }

    public Chance chance() {
        return chance;
    }

    public Trace trace() {
        return trace;
    }

    /// The world's own time, which no process sees.
    public long nowNanos() {
        return nowNanos;
    }

    public long steps() {
        return steps;
    }

    /// Something that may never be seen was seen.
    public void fail(String what) {
        if (failures.size() < 20) {
            failures.add("t=%.6fs %s".formatted(nowNanos / 1e9, what));
        }
    }

    public List<String> failures() {
        return List.copyOf(failures);
    }

    /// Has `action` run, outside of all processes, after that time.
    public void after(long nanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, nanos), sequence++, action));
    }

    public void after(Duration duration, Runnable action) {
        after(duration.toNanos(), action);
    }

    void ready(SimProcess process, Runnable step) {
        var by = Thread.currentThread();
        if (by.isVirtual() || by == carrier) {
            ready.add(new Ready(process, step));
        } else {
            monitors.woken(step);
        }
    }

    /// Runs a thread up to its next wait. One that meets a monitor which a thread outside of the
    /// world holds (the JVM's own: a cleaner, a compiler) goes on as soon as it has it, in the same
    /// step: when that is may not be told from within.
    private void run(Ready thread) {
        thread.process.run(thread.step);
        while (monitors.meets(thread.step)) {
            if (!ready.remove(thread) && !monitors.awaitWoken(thread.step)) {
                fail(
                        "a thread waits for a monitor that another one holds while it waits: "
                                + monitors.stack(thread.step));
                return;
            }
            thread.process.run(thread.step);
        }
    }

    /// Runs until the condition holds, or that much time has passed.
    ///
    /// @return whether the condition holds
    public boolean run(BooleanSupplier until, Duration atMost) {
        carrier = Thread.currentThread();
        long deadline = nowNanos + atMost.toNanos();
        while (!until.getAsBoolean()) {
            if (nowNanos >= deadline || !failures.isEmpty()) {
                return false;
            }
            if (!step(deadline)) {
                nowNanos = deadline;
            }
            if (++steps > STEPS_MAX) {
                fail("the world hangs: steps=" + steps);
            }
        }
        return true;
    }

    /// Runs for that long.
    public void run(Duration time) {
        boolean never = run(() -> false, time);
        if (never) {
            throw new IllegalStateException("false came true");
        }
    }

    /// @return false if nothing is left to happen before `deadline`
    private boolean step(long deadline) {
        var next = events.peek();
        if (next != null && next.atNanos <= nowNanos) {
            events.remove();
            trace.add(next.number, nowNanos);
            next.action.run();
            return true;
        }
        if (!ready.isEmpty()) {
            int picked = chance.below(ready.size());
            var step = ready.get(picked);
            ready.set(picked, ready.getLast());
            ready.removeLast();
            trace.add(step.process.number(), nowNanos);
            nowNanos += 1 + chance.below((int) STEP_NANOS_MAX);
            run(step);
            return true;
        }
        if (next == null || next.atNanos > deadline) {
            return false;
        }
        nowNanos = next.atNanos;
        return true;
    }
}
