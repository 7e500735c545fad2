package terrane.sim.cluster;

import terrane.core.TerraneException;
import terrane.frontend.write.TableRows;
import terrane.frontend.write.WriteKeys;
import terrane.sim.cluster.Clients.Answer;
import terrane.sim.engine.PlainEngine;
import terrane.sim.history.History;
import terrane.sim.history.Outcome;
import terrane.sim.history.Read;
import terrane.sim.history.Row;
import terrane.sim.history.Scope;
import terrane.sim.history.Span;
import terrane.sim.history.Write;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One client, which does one thing after the other and records all of it.
final class Session {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(35);

    /// How long one write is repeated before its outcome stays unknown.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final int id;
    private final SimCluster cluster;
    private final Clients clients;
    private final History history;
    private long written;
    private long attempts;

    Session(int id, SimCluster cluster, Clients clients, History history) {
        this.id = id;
        this.cluster = cluster;
        this.clients = clients;
        this.history = history;
    }

    private long now() {
        return cluster.world().nowNanos();
    }

    /// Usually the same frontend; another one after a failure.
    private FrontendHost frontend() {
        var all = cluster.frontends();
        return all.get((int) ((id + attempts) % all.size()));
    }

    void pause(Duration time) throws InterruptedException {
        clients.process().clock().sleep(time);
    }

    /// Writes rows of one table, until it is known what became of them or patience ends.
    void write(String table, List<Row> rows) throws InterruptedException {
        var key = "s%d-%d".formatted(id, ++written);
        long began = now();
        var outcome = Outcome.UNKNOWN;
        boolean maybe = false;
        while (outcome == Outcome.UNKNOWN && now() - began < PATIENCE.toNanos()) {
            var answer =
                    clients.call(frontend(), parts -> send(parts, table, rows, key), ATTEMPT_MAX);
            if (answer instanceof Answer.Good<?>) {
                outcome = Outcome.ACKNOWLEDGED;
                break;
            }
            boolean refused =
                    answer instanceof Answer.Failed<?>(var error)
                            && error instanceof TerraneException.Rejected;
            if (refused) {
                outcome = maybe ? Outcome.UNKNOWN : Outcome.REFUSED;
                break;
            }
            maybe |= !(answer instanceof Answer.Refused<?>);
            attempts++;
            pause(PAUSE);
        }
        history.add(new Write(id, new Span(began, now()), outcome, rows));
    }

    private static Long send(FrontendHost.Parts parts, String table, List<Row> rows, String key)
            throws InterruptedException {
        var known = parts.changer().existing(Tables.name(table));
        var batch = new TableRows(known, List.of(Tables.batch(rows)));
        return parts.writer().write(List.of(batch), WriteKeys.ofClient(key, 0)).rows();
    }

    /// Reads a whole table; what fails is no read.
    ///
    /// @return whether it was answered
    boolean read(String table) throws InterruptedException {
        long began = now();
        var answer = clients.call(frontend(), parts -> rows(parts, table), ATTEMPT_MAX);
        if (answer instanceof Answer.Good<List<Row>>(var rows)) {
            history.add(new Read(id, new Span(began, now()), Scope.everything(table), rows));
            return true;
        }
        attempts++;
        pause(PAUSE);
        return false;
    }

    private static List<Row> rows(FrontendHost.Parts parts, String table)
            throws InterruptedException {
        var known = parts.changer().existing(Tables.name(table));
        var rows = new ArrayList<Row>();
        try (var chunks = parts.reader().scan(known, Tables.everything())) {
            for (var chunk = chunks.next(); chunk.isPresent(); chunk = chunks.next()) {
                PlainEngine.decode(chunk.get().arrow())
                        .forEach(values -> rows.add(Tables.parsed(table, values)));
            }
        }
        return rows;
    }

    /// Makes the tables; repeated until they are there.
    void makeTables() throws InterruptedException {
        for (var request : Tables.ddl(cluster.followers())) {
            insist(parts -> parts.changer().create(request));
        }
    }

    /// Something that may be repeated.
    interface Change {
        void make(FrontendHost.Parts parts) throws InterruptedException;
    }

    /// Repeats until it is answered well.
    void insist(Change change) throws InterruptedException {
        boolean made = false;
        while (!made) {
            var answer =
                    clients.call(
                            frontend(),
                            parts -> {
                                change.make(parts);
                                return true;
                            },
                            ATTEMPT_MAX);
            made = answer instanceof Answer.Good<?>;
            attempts++;
            pause(PAUSE);
        }
    }
}
