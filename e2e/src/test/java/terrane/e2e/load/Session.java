package terrane.e2e.load;

import org.jspecify.annotations.Nullable;

import terrane.e2e.cluster.Calls;
import terrane.sim.history.ClientError;
import terrane.sim.history.History;
import terrane.sim.history.Outcome;
import terrane.sim.history.Read;
import terrane.sim.history.Row;
import terrane.sim.history.Scope;
import terrane.sim.history.Span;
import terrane.sim.history.Write;

import tools.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// One client, which does one thing after the other and records all of it. For one thread.
final class Session {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Between attempts: a client's patience, not a cluster's.
    private static final Duration PAUSE = Duration.ofMillis(100);

    /// How long one write is repeated before its outcome stays unknown.
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final int id;
    private final String run;
    private final String frontend;
    private final Calls calls;
    private final History history;
    private final Pauses pauses;
    private long written;

    /// @param run tells this load's keys from those of others
    Session(int id, String run, String frontend, Calls calls, History history, Pauses pauses) {
        this.id = id;
        this.run = run;
        this.frontend = frontend;
        this.calls = calls;
        this.history = history;
        this.pauses = pauses;
    }

    /// Writes rows of one table, until it is known what became of them or patience ends.
    ///
    /// @param asLines in line protocol instead of SQL
    /// @return whether it was acknowledged
    boolean write(List<Row> rows, boolean asLines) throws InterruptedException {
        var key = "%s-%d-%d".formatted(run, id, ++written);
        long began = System.nanoTime();
        var outcome = Outcome.UNKNOWN;
        boolean known = false;
        while (!known && System.nanoTime() - began < PATIENCE.toNanos()) {
            var kind = attempt(rows, asLines, key);
            if (kind == null) {
                outcome = Outcome.ACKNOWLEDGED;
                known = true;
            } else if (kind == ClientError.Kind.REFUSED) {
                // An earlier attempt may have been carried out in part.
                outcome = Outcome.UNKNOWN;
                known = true;
            } else {
                pauses.sleep(PAUSE);
            }
        }
        history.add(new Write(id, new Span(began, System.nanoTime()), outcome, rows));
        return outcome == Outcome.ACKNOWLEDGED;
    }

    /// @return what went wrong; null if nothing did
    private ClientError.@Nullable Kind attempt(List<Row> rows, boolean asLines, String key)
            throws InterruptedException {
        var headers = Map.of("Idempotency-Key", key);
        return attempt(() ->
                        asLines
                                ? calls.post(
                                        "http://" + frontend + "/api/v2/write?precision=ms",
                                        Tables.lines(rows),
                                        headers)
                                : calls.sql(frontend, Tables.insert(rows), headers))
                .error();
    }

    private interface Attempt {
        Calls.Answer make() throws IOException, InterruptedException;
    }

    private record Attempted(ClientError.@Nullable Kind error, String body) {}

    private Attempted attempt(Attempt attempt) throws InterruptedException {
        long began = System.nanoTime();
        ClientError.Kind kind;
        String text;
        try {
            var answer = attempt.make();
            if (answer.good()) {
                return new Attempted(null, answer.body());
            }
            kind = kind(answer.status());
            text = answer.status() + " " + answer.body();
        } catch (HttpConnectTimeoutException | ConnectException e) {
            kind = ClientError.Kind.CONNECTION;
            text = e.toString();
        } catch (HttpTimeoutException e) {
            kind = ClientError.Kind.UNKNOWN;
            text = e.toString();
        } catch (IOException e) {
            kind = ClientError.Kind.CONNECTION;
            text = e.toString();
        }
        history.add(new ClientError(id, new Span(began, System.nanoTime()), kind, text));
        return new Attempted(kind, "");
    }

    private static ClientError.Kind kind(int status) {
        if (status == 503) {
            return ClientError.Kind.UNAVAILABLE;
        }
        return status / 100 == 4 ? ClientError.Kind.REFUSED : ClientError.Kind.UNKNOWN;
    }

    /// Reads once; what fails is recorded as an error and is no read.
    ///
    /// @return whether it was answered
    boolean read(Scope scope) throws InterruptedException {
        long began = System.nanoTime();
        var answer = attempt(() -> calls.sql(frontend, select(scope), Map.of()));
        if (answer.error() != null) {
            pauses.sleep(PAUSE);
            return false;
        }
        var rows = Tables.parse(scope.table(), JSON.readTree(answer.body()));
        history.add(new Read(id, new Span(began, System.nanoTime()), scope, rows));
        return true;
    }

    private static String select(Scope scope) {
        var hosts =
                scope.keys().stream()
                        .map(key -> "'" + key.split("\\|", -1)[0] + "'")
                        .distinct()
                        .collect(Collectors.joining(", "));
        if (hosts.isEmpty()) {
            return Tables.select(scope.table());
        }
        var newer = scope.serialMin() > 0 ? " AND serial >= " + scope.serialMin() : "";
        return Tables.select(scope.table()) + " WHERE host IN (" + hosts + ")" + newer;
    }
}
