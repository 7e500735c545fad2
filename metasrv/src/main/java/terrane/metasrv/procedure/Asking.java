package terrane.metasrv.procedure;

import terrane.core.Node;
import terrane.core.TerraneException;
import terrane.core.migration.Outcome;
import terrane.core.time.Clock;
import terrane.core.time.Threads;
import terrane.metasrv.node.Orders;
import terrane.wire.Reply;
import terrane.wire.datanode.Order;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/// Gives orders that may take long, on a thread of their own, and looks meanwhile whether the duty
/// has become pointless. An order whose connection is lost is given again: every order is
/// idempotent.
final class Asking {
    /// How soon a cancellation, or a loss, is noticed.
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private static final Duration AGAIN_AFTER = Duration.ofMillis(50);

    private final Orders orders;
    private final Clock clock;

    Asking(Orders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    /// Whether there is a reason to stop waiting.
    interface Check {
        Optional<Outcome> calledAway() throws InterruptedException;
    }

    <R extends Reply> Asked<R> ask(Node node, Order<R> order, Duration atMost, Check check)
            throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        while (true) {
            var away = check.calledAway();
            if (away.isPresent()) {
                return new Asked.CalledAway<>(away.get());
            }
            try {
                return once(node, order, clock.until(deadline), check);
            } catch (TerraneException.Unavailable | TerraneException.Uncertain e) {
                if (clock.passed(deadline)) {
                    return new Asked.Refused<>(e.text());
                }
                clock.sleep(AGAIN_AFTER);
            } catch (TerraneException e) {
                return new Asked.Refused<>(e.text());
            }
        }
    }

    private <R extends Reply> Asked<R> once(Node node, Order<R> order, Duration atMost, Check check)
            throws InterruptedException {
        var task = new FutureTask<R>(() -> orders.order(node, order, atMost));
        var thread = Threads.virtual("order", task);
        try {
            return await(task, check);
        } catch (ExecutionException e) {
            throw failure(e);
        } finally {
            thread.interrupt();
        }
    }

    private <R extends Reply> Asked<R> await(FutureTask<R> task, Check check)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return new Asked.Answered<>(clock.get(task, LOOK_EVERY));
            } catch (TimeoutException e) {
                var away = check.calledAway();
                if (away.isPresent()) {
                    return new Asked.CalledAway<>(away.get());
                }
            }
        }
    }

    private static RuntimeException failure(ExecutionException e) throws InterruptedException {
        return switch (e.getCause()) {
            case TerraneException known -> known;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException other -> other;
            case Error error -> throw error;
            case null, default -> new IllegalStateException("order failed", e);
        };
    }
}
