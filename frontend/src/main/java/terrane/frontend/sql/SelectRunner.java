package terrane.frontend.sql;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;
import terrane.core.time.Clock;
import terrane.frontend.route.CatalogCache;
import terrane.query.select.QueryResult;
import terrane.query.select.SelectExecutor;
import terrane.query.select.SelectPlanner;
import terrane.query.select.TableSource;
import terrane.query.select.VirtualTables;
import terrane.query.statement.Statement.Select;

import java.time.Duration;

/// Runs queries, again from the beginning where a leader was lost in the middle: reading changes
/// nothing, and nothing has been answered yet.
public final class SelectRunner {
    private static final Duration PAUSE = Duration.ofMillis(20);

    /// How long a query about an unknown table waits for a metasrv that could know it.
    private static final Duration REFRESH_MAX = Duration.ofSeconds(3);

    /// What a query reads.
    public record Sources(CatalogCache cache, TableSource regions, VirtualTables virtual) {}

    private final SelectPlanner planner;
    private final SelectExecutor executor;
    private final Sources sources;
    private final Clock clock;
    private final Duration timeout;

    public SelectRunner(
            SelectPlanner planner,
            SelectExecutor executor,
            Sources sources,
            Clock clock,
            Duration timeout) {
        this.planner = planner;
        this.executor = executor;
        this.sources = sources;
        this.clock = clock;
        this.timeout = timeout;
    }

    QueryResult run(Select select) throws InterruptedException {
        long deadline = clock.nanosAfter(timeout);
        boolean refreshed = false;
        while (true) {
            try {
                return once(select, deadline);
            } catch (NotLeader | Uncertain e) {
                pause(e, PAUSE, deadline);
            } catch (Unavailable e) {
                pause(e, e.retryAfter(), deadline);
            } catch (Rejected e) {
                // Somebody else may have made the table or the column a moment ago.
                boolean unknown =
                        e.code() == ErrorCode.TABLE_NOT_FOUND
                                || e.code() == ErrorCode.COLUMN_NOT_FOUND;
                if (refreshed || !unknown) {
                    throw e;
                }
                refreshed = true;
                refresh(e);
            }
        }
    }

    private void refresh(Rejected e) throws InterruptedException {
        try {
            sources.cache().refresh(REFRESH_MAX);
        } catch (TerraneException unanswered) {
            // What this frontend knows is all there is to know at the moment.
            e.addSuppressed(unanswered);
            throw e;
        }
    }

    private QueryResult once(Select select, long deadline) throws InterruptedException {
        var plan = planner.plan(select.sql(), select.schema(), sources.cache());
        return executor.execute(
                plan, sources.cache(), sources.regions(), sources.virtual(), clock.until(deadline));
    }

    private void pause(TerraneException e, Duration atLeast, long deadline)
            throws InterruptedException {
        var wait = atLeast.compareTo(PAUSE) > 0 ? atLeast : PAUSE;
        if (clock.until(deadline).compareTo(wait) <= 0) {
            throw e;
        }
        clock.sleep(wait);
    }
}
