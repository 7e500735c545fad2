package terrane.cli.operate;

import terrane.cli.client.AdminClient;
import terrane.cli.client.ProcedureView;
import terrane.cli.screen.Screen;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.time.Duration;

/// Follows a procedure on the screen until it has ended.
public final class MigrationWatch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /// A cluster that does not answer for longer needs somebody to look at it.
    private static final Duration SILENCE_MAX = Duration.ofMinutes(2);

    private static final Duration GAP_MAX = Duration.ofSeconds(2);

    private final AdminClient admin;
    private final Screen screen;
    private final Clock clock;
    private final boolean stages;

    /// @param stages whether each stage that has ended becomes a line
    public MigrationWatch(AdminClient admin, Screen screen, Clock clock, boolean stages) {
        this.admin = admin;
        this.screen = screen;
        this.clock = clock;
        this.stages = stages;
    }

    /// @return the procedure as it ended
    /// @throws TerraneException.Unavailable if no metasrv answers for two minutes
    public ProcedureView follow(String id) throws InterruptedException {
        long deadline = clock.nanosAfter(SILENCE_MAX);
        int told = 0;
        while (true) {
            try {
                var seen = admin.procedure(id);
                deadline = clock.nanosAfter(SILENCE_MAX);
                told = tell(seen, told);
                if (!seen.running()) {
                    screen.erase();
                    return settled(seen);
                }
            } catch (TerraneException.Unavailable | TerraneException.Uncertain e) {
                if (clock.passed(deadline)) {
                    throw e;
                }
                screen.passing("  " + e.text());
            }
            clock.sleep(LOOK_EVERY);
        }
    }

    /// Clients report their gap a moment after the target leads; without writers nobody does.
    private ProcedureView settled(ProcedureView ended) throws InterruptedException {
        long deadline = clock.nanosAfter(GAP_MAX);
        var seen = ended;
        while (seen.done() && seen.writeGapMillis().isEmpty() && !clock.passed(deadline)) {
            clock.sleep(LOOK_EVERY);
            seen = admin.procedure(ended.id());
        }
        return seen;
    }

    /// Stages that have ended become lines; the one that lasts is a bar.
    private int tell(ProcedureView seen, int told) {
        int ended = (int) seen.stages().stream().filter(stage -> stage.ended().isPresent()).count();
        for (int i = told; stages && i < ended; i++) {
            screen.line(MigrationText.stage(seen.stages().get(i)));
        }
        if (seen.running()) {
            screen.passing(MigrationText.progress(seen));
        }
        return Math.max(told, ended);
    }
}
