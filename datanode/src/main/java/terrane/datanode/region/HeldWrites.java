package terrane.datanode.region;

import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// The writes that came to a copy before the fence that makes it lead, in their order. Whoever
/// changes the role decides all of them in one go: they reach the producer together and share one
/// append, where threads that woke one by one would each start their own.
///
/// Guarded by the copy's lock, but for [#await].
final class HeldWrites {
    /// How long a write waits for the fence. A handover takes milliseconds; this only bounds what
    /// waits when one goes wrong.
    static final Duration HOLD_MAX = Duration.ofSeconds(2);

    private final RegionId region;
    private final RoleCell cell;
    private final Holds holds;
    private final Clock clock;
    private final Queue<Held> waiting = new ArrayDeque<>();

    HeldWrites(RegionId region, RoleCell cell, Holds holds, Clock clock) {
        this.region = region;
        this.cell = cell;
        this.holds = holds;
        this.clock = clock;
    }

    /// One write at the door.
    static final class Held {
        private final Entrant entrant;
        private final CompletableFuture<Admitted> decision = new CompletableFuture<>();

        private Held(Entrant entrant) {
            this.entrant = entrant;
        }

        private void decide(Function<Entrant, Admitted> door) {
            try {
                decision.complete(door.apply(entrant));
            } catch (RuntimeException e) {
                decision.completeExceptionally(e); // the sender's failure, not this thread's
            }
        }
    }

    /// @throws TerraneException.Unavailable if too much waits on this node
    Held hold(Entrant entrant) {
        holds.enter(entrant.sizeBytes());
        var held = new Held(entrant);
        waiting.add(held);
        return held;
    }

    void decideAll(Function<Entrant, Admitted> door) {
        for (var held = waiting.poll(); held != null; held = waiting.poll()) {
            holds.leave(held.entrant.sizeBytes());
            held.decide(door);
        }
    }

    /// Blocks until the write is decided.
    ///
    /// @throws TerraneException.Unavailable if the fence does not come in time
    Admitted await(Held held) throws InterruptedException {
        try {
            return clock.get(held.decision, HOLD_MAX);
        } catch (TimeoutException e) {
            giveUp(held);
            return await(held);
        } catch (InterruptedException e) {
            giveUp(held);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException decided) {
                throw decided;
            }
            throw new IllegalStateException("deciding a write failed", e.getCause());
        }
    }

    /// Decides it, unless somebody just has.
    private void giveUp(Held held) {
        try (var _ = cell.lock()) {
            if (waiting.remove(held)) {
                holds.leave(held.entrant.sizeBytes());
                held.decision.completeExceptionally(
                        TerraneException.unavailable(
                                ErrorCode.NOT_READY,
                                "the fence did not come in time: region=%s",
                                region));
            }
        }
    }
}
