package terrane.metasrv.procedure;

import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.lang.System.Logger.Level;
import java.time.Duration;

/// Does what a leader has to do, again and again while it fails for a reason that may pass, until
/// it is done or the leadership is over. For one leadership.
public final class Perseverance {
    private static final System.Logger LOG = System.getLogger(Perseverance.class.getName());

    /// Short beside what a procedure may take, long beside what one more try costs.
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);

    private final Clock clock;
    private volatile boolean over;

    public Perseverance(Clock clock) {
        this.clock = clock;
    }

    /// Something that may be begun again from the start.
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /// Blocks until the work is done, or it is over; an interruption ends it too.
    public void run(Work work) {
        try {
            while (!over) {
                try {
                    work.run();
                    return;
                } catch (TerraneException.NotLeader e) {
                    LOG.log(Level.INFO, "leads no more: {0}", e.text());
                    return;
                } catch (TerraneException e) {
                    LOG.log(Level.WARNING, "again in a moment: {0} {1}", e.code().text(), e.text());
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "duty of the leader failed, again in a moment", e);
                }
                clock.sleep(AGAIN_AFTER);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nothing is begun again from now on.
    public void end() {
        over = true;
    }

    public boolean isOver() {
        return over;
    }
}
