package terrane.query.select;

import java.time.Duration;
import java.util.stream.Collectors;

/// Fetches what a plan needs and runs its query.
public final class SelectExecutor {
    /// How long a query may take if nobody says otherwise.
    public static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final SelectDatabase database;

    public SelectExecutor(SelectDatabase database) {
        this.database = database;
    }

    /// Blocks until the answer is there, at most for `atMost` and one chunk of a scan; an interrupt
    /// ends the query.
    ///
    /// @param tables for `information_schema`
    /// @throws terrane.core.TerraneException.Rejected if the query fails, or is too large or slow
    /// @throws terrane.core.TerraneException.Unavailable if there are too many queries, or a region
    ///   cannot answer
    public QueryResult execute(
            SelectPlan plan,
            Tables tables,
            TableSource source,
            VirtualTables virtual,
            Duration atMost)
            throws InterruptedException {
        long deadline = database.clock().nanosAfter(atMost);
        try (var session = database.session(deadline)) {
            session.run(() -> check(session, plan));
            for (var scan : plan.virtual()) {
                var rows = VirtualContent.rows(scan.table(), tables, virtual);
                session.run(() -> ArrowLoad.virtual(session, scan, rows));
            }
            for (var scan : plan.scans()) {
                load(session, scan, source);
            }
            return session.run(() -> Results.read(session, plan.sql()));
        }
    }

    /// Finds mistakes before anything is fetched: makes every relation, empty and with all of its
    /// columns, and lets DuckDB bind the query to them.
    private static boolean check(SelectSession session, SelectPlan plan)
            throws java.sql.SQLException {
        for (var scan : plan.scans()) {
            session.execute(
                    scan.table().schema().columns().stream()
                            .map(c -> definition(c.name(), c.type()))
                            .collect(columns(scan.relation())));
        }
        for (var scan : plan.virtual()) {
            session.execute(
                    scan.table().columns().stream()
                            .map(c -> definition(c.name(), c.type()))
                            .collect(columns(scan.relation())));
        }
        try (var _ = session.connection().prepareStatement(plan.sql())) {
            // Bound; the columns that the query does not use are not made again.
            for (var scan : plan.scans()) {
                session.execute("DROP TABLE temp.main." + scan.relation());
            }
        }
        return true;
    }

    private static java.util.stream.Collector<CharSequence, ?, String> columns(String relation) {
        return Collectors.joining(", ", "CREATE TEMP TABLE " + relation + " (", ")");
    }

    private static String definition(String name, terrane.core.catalog.ColumnType type) {
        return ArrowLoad.quoted(name) + " " + type.duckType();
    }

    private static void load(SelectSession session, TableScan scan, TableSource source)
            throws InterruptedException {
        var load = new ArrowLoad(session, scan);
        session.run(load::begin);
        try (var chunks = source.scan(scan.table(), scan.spec())) {
            for (var chunk = chunks.next(); chunk.isPresent(); chunk = chunks.next()) {
                var rows = chunk.get();
                session.checkTime();
                session.run(() -> load.add(rows));
            }
        }
        session.run(load::end);
    }
}
