package terrane.frontend.write;

import terrane.core.TerraneException;
import terrane.core.time.Threads;
import terrane.frontend.route.MetasrvClient;
import terrane.wire.metasrv.ClientRequest.ReportWriteGap;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;

/// Tells the metasrv what clients waited for when a leader changed. A figure may be lost, as when
/// this frontend dies; no write ever waits for one.
public final class GapReporter implements AutoCloseable {
    private static final Logger LOG = System.getLogger(GapReporter.class.getName());

    /// One for each region that moves at once; more at the same time are dropped and logged.
    private static final int QUEUE_MAX = 1_024;

    private static final Duration AT_MOST = Duration.ofSeconds(10);

    private final ArrayBlockingQueue<GapMeter.Gap> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final MetasrvClient metasrv;
    private final WriteMeters meters;
    private final Thread loop;

    public GapReporter(MetasrvClient metasrv, WriteMeters meters) {
        this.metasrv = metasrv;
        this.meters = meters;
        this.loop = Threads.virtual("gap-reporter", this::run);
    }

    void report(GapMeter.Gap gap) {
        meters.gap(gap.longest());
        if (!queue.offer(gap)) {
            LOG.log(Level.WARNING, () -> "write gap is dropped, queue is full: " + gap);
        }
    }

    private void run() {
        try {
            while (true) {
                tell(queue.take());
            }
        } catch (InterruptedException e) {
            // Only [#close] interrupts this thread, which ends here.
            LOG.log(Level.DEBUG, "reporting ends");
        }
    }

    private void tell(GapMeter.Gap gap) throws InterruptedException {
        try {
            metasrv.call(
                    new ReportWriteGap(gap.region(), gap.epoch(), gap.longest(), gap.writes()),
                    AT_MOST);
        } catch (TerraneException e) {
            LOG.log(Level.WARNING, () -> "write gap is not reported: " + gap + " " + e.text());
        }
    }

    @Override
    public void close() {
        loop.interrupt();
    }
}
