package terrane.sim.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Collects what clients did and saw. Safe for many threads.
public final class History {
    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<ClientError> errors = new ArrayList<>();
    private final List<Allowance> allowances = new ArrayList<>();

    public synchronized void add(Write write) {
        writes.add(write);
    }

    public synchronized void add(Read read) {
        reads.add(read);
    }

    public synchronized void add(ClientError error) {
        errors.add(error);
    }

    public synchronized void allow(Allowance allowance) {
        allowances.add(allowance);
    }

    /// How long a client waited at worst for a write that was under way at some time in `window`.
    public synchronized Duration longestWrite(Span window) {
        return Duration.ofNanos(
                writes.stream()
                        .map(Write::span)
                        .filter(window::overlaps)
                        .mapToLong(span -> span.endedNanos() - span.beganNanos())
                        .max()
                        .orElse(0));
    }

    synchronized List<Write> writes() {
        return List.copyOf(writes);
    }

    /// In the order in which they ended.
    synchronized List<Read> reads() {
        return reads.stream()
                .sorted((a, b) -> Long.compare(a.span().endedNanos(), b.span().endedNanos()))
                .toList();
    }

    synchronized List<ClientError> errors() {
        return List.copyOf(errors);
    }

    /// The errors that nothing excuses.
    synchronized List<ClientError> errorsNotAllowed() {
        return errors.stream()
                .filter(error -> allowances.stream().noneMatch(each -> each.covers(error)))
                .toList();
    }

    /// The same writes, and of the reads only these.
    public synchronized History withReads(Collection<Read> some) {
        var other = new History();
        writes.forEach(other::add);
        some.forEach(other::add);
        return other;
    }

    /// The last read of the whole of each table.
    public synchronized List<Read> lastReads(Collection<String> tables) {
        return tables.stream()
                .flatMap(table ->
                        reads().stream()
                                .filter(read -> read.scope().table().equals(table))
                                .filter(read -> read.scope().isEverything())
                                .reduce((_, later) -> later)
                                .stream())
                .toList();
    }
}
