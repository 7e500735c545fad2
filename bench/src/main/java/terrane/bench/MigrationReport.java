package terrane.bench;

import tools.jackson.databind.ObjectMapper;

import java.util.Locale;

/// What `terrane bench migration` found; times in milliseconds.
///
/// @param gap of each move but those to a datanode that never had the region
/// @param quiet the same statistic where nothing moved
/// @param fresh of the moves to a datanode that never had the region
/// @param write how long writes took, throughout
/// @param failedMoves that did not end with the region on the target
record MigrationReport(
        Figures gap,
        Figures quiet,
        Figures fresh,
        Figures write,
        long moves,
        long failedMoves,
        Writers.Count rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Whether no request failed and no row is missing or there twice.
    boolean clean() {
        return failedMoves == 0
                && rows.failedRequests() == 0
                && rows.lost() == 0
                && rows.doubled() == 0;
    }

    String json() {
        return JSON.writeValueAsString(this);
    }

    String text() {
        var text = new StringBuilder();
        text.append("%-34s %7s %9s %9s %9s %9s%n".formatted("ms", "n", "p50", "p90", "p99", "max"));
        line(text, "write gap of a migration", gap);
        line(text, "the same without a migration", quiet);
        line(text, "first move to a fresh datanode", fresh);
        line(text, "a write, throughout", write);
        text.append("migrations %d, failed %d%n".formatted(moves, failedMoves));
        text.append(
                "rows acknowledged %d, lost %d, doubled %d; requests failed %d%s"
                        .formatted(
                                rows.acknowledged(),
                                rows.lost(),
                                rows.doubled(),
                                rows.failedRequests(),
                                rows.firstError().isEmpty() ? "" : ": " + rows.firstError()));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Figures figures) {
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-34s %7d %9.2f %9.2f %9.2f %9.2f%n",
                        name,
                        figures.count(),
                        figures.p50(),
                        figures.p90(),
                        figures.p99(),
                        figures.max()));
    }
}
