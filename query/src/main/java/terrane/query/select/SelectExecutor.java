package terrane.query.select;

import terrane.core.time.Clock;

import java.time.Duration;

/// Fetches what a plan needs and runs its query.
@SuppressWarnings("DoNotCallSuggester")
public final class SelectExecutor {
    /// How long a query may take if nobody says otherwise.
    public static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final SelectDatabase database;
    private final Clock clock;

    public SelectExecutor(SelectDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Blocks until the answer is there, at most for `atMost`; an interrupt cancels the query.
    ///
    /// @throws terrane.core.TerraneException.Rejected if the query fails, or is too large or slow
    public QueryResult execute(
            SelectPlan plan,
            Tables tables,
            TableSource source,
            VirtualTables virtual,
            Duration atMost)
            throws InterruptedException {
        throw new UnsupportedOperationException(
                "being written: " + database.limits() + clock.now() + plan + atMost);
    }
}
