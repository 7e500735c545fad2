package terrane.cli.demo;

import terrane.cli.client.ProcedureView;
import terrane.cli.operate.MigrationText;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What came of a demo.
///
/// @param moves as they ended
/// @param seconds for which was written
record Figures(List<ProcedureView> moves, List<Written> tables, double seconds) {
    /// What was acknowledged of one table, and what is in it.
    ///
    /// @param counted by SQL, after the last write
    record Written(String table, long acknowledged, long counted, long failures, String failure) {
        boolean good() {
            return acknowledged == counted && failures == 0 && acknowledged > 0;
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "table %-8s %,10d rows acknowledged, %,10d counted by SQL: %s",
                    table,
                    acknowledged,
                    counted,
                    acknowledged == counted ? "equal" : "NOT EQUAL");
        }
    }

    Figures {
        moves = List.copyOf(moves);
        tables = List.copyOf(tables);
    }

    boolean good() {
        return moves.stream().allMatch(Figures::good) && tables.stream().allMatch(Written::good);
    }

    private static boolean good(ProcedureView move) {
        return move.done() && move.agreed().orElse(false) && move.writeGapMillis().isPresent();
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add(
                "moves      %d of %d went well; certificates: %d of %d agreed"
                        .formatted(
                                moves.stream().filter(ProcedureView::done).count(),
                                moves.size(),
                                moves.stream().filter(m -> m.agreed().orElse(false)).count(),
                                moves.size()));
        lines.add(
                "write gap  "
                        + moves.stream()
                                .map(m ->
                                        m.writeGapMillis()
                                                .map(MigrationText::gap)
                                                .orElse("not measured"))
                                .collect(Collectors.joining(", ")));
        tables.forEach(table -> lines.add(table.line()));
        long rows = tables.stream().mapToLong(Written::acknowledged).sum();
        lines.add(String.format(Locale.ROOT, "load       %,.0f rows/s", rows / seconds));
        for (var table : tables) {
            if (table.failures() > 0) {
                lines.add(
                        "%d writes to %s FAILED, the first: %s"
                                .formatted(table.failures(), table.table(), table.failure()));
            }
        }
        lines.add(good() ? "all is well" : "NOT ALL IS WELL");
        return lines;
    }
}
