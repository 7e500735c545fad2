package terrane.sim.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/// Decides whether a history may have happened. The one judge of all end-to-end tests, for tables
/// that keep all rows and for tables that keep the last.
///
/// Every read is held against every write, not only the last read: what was acknowledged before a
/// read began is in it, whoever wrote it, since reads are answered by leaders under a lease. An
/// unknown write may land at any time after it began, also long after its client gave up.
public final class Checker {
    private final History history;
    private final Map<String, Keeping> tables;
    private final WrittenRows written;
    private final List<Violation> violations = new ArrayList<>();

    /// What each session saw last: of a key that keeps all, every serial.
    private final Map<Seen, NavigableSet<Long>> seen = new HashMap<>();

    private record Seen(int session, String table, String key) {}

    private Checker(History history, Map<String, Keeping> tables) {
        this.history = history;
        this.tables = tables;
        this.written = new WrittenRows(history.writes());
    }

    /// @param tables every table that the history is about
    public static Verdict check(History history, Map<String, Keeping> tables) {
        return new Checker(history, tables).verdict();
    }

    private Verdict verdict() {
        history.errorsNotAllowed()
                .forEach(error -> found(Violation.Kind.ERROR, "%s", error.toString()));
        var reads = history.reads();
        reads.forEach(this::check);
        written.tables().forEach(table -> checkCompleteness(table, reads));
        return new Verdict(
                violations, rows(Outcome.ACKNOWLEDGED), rows(Outcome.UNKNOWN), reads.size());
    }

    private long rows(Outcome outcome) {
        return history.writes().stream()
                .filter(write -> write.outcome() == outcome)
                .mapToLong(write -> write.rows().size())
                .sum();
    }

    /// Without a look at everything after all writes, nothing is known about the end.
    private void checkCompleteness(String table, List<Read> reads) {
        boolean whole =
                reads.stream()
                        .filter(read -> read.scope().table().equals(table))
                        .filter(read -> read.scope().isEverything())
                        .anyMatch(read ->
                                history.writes().stream()
                                        .filter(write -> isAbout(write, table))
                                        .allMatch(write -> write.span().isBefore(read.span())));
        if (!whole) {
            found(Violation.Kind.INCOMPLETE, "nobody read all of %s at the end", table);
        }
    }

    private static boolean isAbout(Write write, String table) {
        return write.rows().stream().anyMatch(row -> row.table().equals(table));
    }

    private void check(Read read) {
        var table = read.scope().table();
        var keeping = tables.get(table);
        if (keeping == null) {
            throw new IllegalArgumentException("a table that nobody spoke of: " + table);
        }
        var byKey = new HashMap<String, Set<Long>>();
        for (var row : read.rows()) {
            var serials = byKey.computeIfAbsent(row.key(), _ -> new HashSet<>());
            boolean again = !serials.add(row.serial());
            if (again || (keeping == Keeping.LAST && serials.size() > 1)) {
                found(Violation.Kind.DOUBLED, "%s by %s", row, who(read));
            }
            checkOrigin(read, row);
        }
        for (var key : written.keys(table)) {
            if (read.scope().covers(key)) {
                var serials = byKey.getOrDefault(key, Set.of());
                switch (keeping) {
                    case ALL -> checkAll(read, key, serials);
                    case LAST -> checkLast(read, key, serials);
                }
            }
        }
    }

    private void checkOrigin(Read read, Row row) {
        var write = written.write(row);
        if (write.isEmpty()) {
            found(Violation.Kind.INVENTED, "%s by %s", row, who(read));
        } else if (read.span().isBefore(write.get().span())) {
            found(Violation.Kind.INVENTED, "%s before it was written, by %s", row, who(read));
        } else if (write.get().outcome() == Outcome.REFUSED) {
            found(Violation.Kind.REFUSED_YET_THERE, "%s by %s", row, who(read));
        }
    }

    private void checkAll(Read read, String key, Set<Long> serials) {
        var table = read.scope().table();
        long min = read.scope().serialMin();
        written.of(table, key)
                .tailMap(min, true)
                .forEach((serial, write) -> {
                    if (mustBeSeen(write, read) && !serials.contains(serial)) {
                        missing(read, write, new Row(table, key, serial));
                    }
                });
        var before = seenBy(read, key);
        for (long serial : before.tailSet(min, true)) {
            if (!serials.contains(serial)) {
                found(
                        Violation.Kind.BACK_IN_TIME,
                        "%s was there before, by %s",
                        new Row(table, key, serial),
                        who(read));
            }
        }
        before.addAll(serials);
    }

    private static boolean mustBeSeen(Write write, Read read) {
        return write.outcome() == Outcome.ACKNOWLEDGED && write.span().isBefore(read.span());
    }

    private void missing(Read read, Write write, Row row) {
        boolean own = write.session() == read.session();
        found(
                own ? Violation.Kind.OWN_WRITE_UNSEEN : Violation.Kind.LOST,
                "%s acknowledged to session=%d at=%d, not seen by %s",
                row,
                write.session(),
                write.span().endedNanos(),
                who(read));
    }

    private void checkLast(Read read, String key, Set<Long> serials) {
        var table = read.scope().table();
        var before = seenBy(read, key);
        if (serials.isEmpty()) {
            written.of(table, key)
                    .forEach((serial, write) -> {
                        if (mustBeSeen(write, read)) {
                            missing(read, write, new Row(table, key, serial));
                        }
                    });
            if (!before.isEmpty()) {
                var gone = new Row(table, key, before.first());
                found(Violation.Kind.BACK_IN_TIME, "%s is gone, by %s", gone, who(read));
            }
            return;
        }
        for (long serial : serials) {
            checkNotOverwritten(read, new Row(table, key, serial));
            checkNotOlder(read, new Row(table, key, serial), before);
        }
        before.clear();
        before.addAll(serials);
    }

    /// A row may not be seen once another has surely taken its place before the read began.
    private void checkNotOverwritten(Read read, Row row) {
        var write = written.write(row);
        if (write.isEmpty() || write.get().outcome() != Outcome.ACKNOWLEDGED) {
            return;
        }
        written.of(row.table(), row.key())
                .forEach((serial, later) -> {
                    if (mustBeSeen(later, read) && write.get().span().isBefore(later.span())) {
                        missing(read, later, new Row(row.table(), row.key(), serial));
                    }
                });
    }

    private void checkNotOlder(Read read, Row row, Set<Long> before) {
        var now = written.write(row);
        for (long earlier : before) {
            var then = written.write(new Row(row.table(), row.key(), earlier));
            boolean older =
                    now.isPresent()
                            && then.isPresent()
                            && now.get().outcome() == Outcome.ACKNOWLEDGED
                            && now.get().span().isBefore(then.get().span());
            if (older) {
                found(
                        Violation.Kind.BACK_IN_TIME,
                        "%s after serial=%d was seen, by %s",
                        row,
                        earlier,
                        who(read));
            }
        }
    }

    private NavigableSet<Long> seenBy(Read read, String key) {
        return seen.computeIfAbsent(
                new Seen(read.session(), read.scope().table(), key), _ -> new TreeSet<>());
    }

    private static String who(Read read) {
        return "session=%d at=%d..%d"
                .formatted(read.session(), read.span().beganNanos(), read.span().endedNanos());
    }

    private void found(Violation.Kind kind, String format, Object... arguments) {
        violations.add(new Violation(kind, format.formatted(arguments)));
    }
}
