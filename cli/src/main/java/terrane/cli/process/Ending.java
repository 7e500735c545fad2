package terrane.cli.process;

import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// How this process ends: by itself, by a signal, or because its parent is gone. Whatever it is,
/// the main thread closes what it opened, and its exit code is the process's.
public final class Ending {
    /// A drain waits for requests, 31 s at most, and a broker writes what it has.
    private static final Duration DRAIN_MAX = Duration.ofSeconds(50);

    private final Thread main;
    private final Clock clock;
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final CountDownLatch asked = new CountDownLatch(1);
    private boolean waiting; // guarded by this

    private Ending(Thread main, Clock clock) {
        this.main = main;
        this.clock = clock;
    }

    /// From now on a signal interrupts this thread, and the process lasts until it calls [#end].
    public static Ending ofThisThread(Clock clock) {
        var ending = new Ending(Thread.currentThread(), clock);
        Runtime.getRuntime().addShutdownHook(Threads.platform("ending", ending::signalled));
        return ending;
    }

    /// For commands that are run inside of another program: no signal reaches them.
    public static Ending unsignalled(Clock clock) {
        return new Ending(Thread.currentThread(), clock);
    }

    private void signalled() {
        if (status.isDone()) {
            return;
        }
        ask();
        int code = ExitCode.FAILED;
        try {
            code = clock.get(status, DRAIN_MAX);
        } catch (TimeoutException | ExecutionException e) {
            System.err.println(
                    "terrane: does not end in order within " + DRAIN_MAX.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Only halt sets the exit code of a process that a signal has ended.
        Runtime.getRuntime().halt(code);
    }

    /// Has the process end in order. Whoever waits wakes by the latch, and can then close in peace
    /// what it opened; whoever is busy is interrupted.
    public synchronized void ask() {
        asked.countDown();
        if (!waiting) {
            main.interrupt();
        }
    }

    /// Blocks until the process is to end, which may have been asked for already: libraries are
    /// known to swallow an interrupt. Afterwards the thread is not interrupted.
    ///
    /// @throws InterruptedException if it was interrupted for another reason
    public void await() throws InterruptedException {
        synchronized (this) {
            waiting = true;
            if (asked()) {
                Thread.interrupted();
                return;
            }
        }
        asked.await();
    }

    /// Whether the process is to end, so that being interrupted is no failure.
    public boolean asked() {
        return asked.getCount() == 0;
    }

    /// Has the process end once `input`, which its parent holds the other end of, is at its end.
    public void withParent(InputStream input) {
        Threads.platform("parent", () -> awaitEnd(input)).start();
    }

    private static void awaitEnd(InputStream input) {
        try {
            while (input.read() >= 0) {
                // Nobody writes anything that matters.
            }
        } catch (IOException e) {
            // The parent is gone, which is the end too.
        }
        Runtime.getRuntime().exit(ExitCode.OK);
    }

    /// Ends the process; everything has been closed.
    public void end(int code) {
        status.complete(code);
        Runtime.getRuntime().exit(code);
    }
}
