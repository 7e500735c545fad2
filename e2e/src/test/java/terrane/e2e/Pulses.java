package terrane.e2e;

import terrane.e2e.load.Pauses;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Makes storage slow: it stands still, goes on for a while, stands still again. It goes on when
/// this is closed.
final class Pulses implements AutoCloseable {
    private final S3Process server;
    private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<?> pulsing;

    private Pulses(S3Process server, Duration still, Duration going, int times) {
        this.server = server;
        this.pulsing = thread.submit(() -> pulse(still, going, times));
    }

    static Pulses of(S3Process server, Duration still, Duration going, int times) {
        return new Pulses(server, still, going, times);
    }

    private boolean pulse(Duration still, Duration going, int times) throws Exception {
        var pauses = new Pauses();
        for (int i = 0; i < times; i++) {
            server.pause();
            pauses.sleep(still);
            server.resume();
            pauses.sleep(going);
        }
        return true;
    }

    void awaitEnd() throws InterruptedException, ExecutionException {
        pulsing.get();
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        thread.close();
        try {
            server.resume();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
