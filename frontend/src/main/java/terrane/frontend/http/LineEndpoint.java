package terrane.frontend.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.frontend.lineprotocol.LineParser;
import terrane.frontend.lineprotocol.Points;
import terrane.frontend.lineprotocol.Precision;
import terrane.frontend.write.ArrivingTables;
import terrane.frontend.write.ByteBudget;
import terrane.frontend.write.RegionWriter;
import terrane.frontend.write.TableRows;
import terrane.frontend.write.WriteKeys;

import tools.jackson.databind.ObjectMapper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Takes InfluxDB's line protocol, of either version of its API.
public final class LineEndpoint {
    /// Says under which epoch each region's leader acknowledged, for clients that measure what a
    /// change of leader costs them.
    private static final HeaderName EPOCHS = HeaderNames.create("Terrane-Epochs");

    private static final String JSON = "application/json; charset=utf-8";

    private final ArrivingTables tables;
    private final RegionWriter writer;
    private final WriteKeys keys;
    private final ByteBudget budget;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();

    public LineEndpoint(
            ArrivingTables tables,
            RegionWriter writer,
            WriteKeys keys,
            ByteBudget budget,
            Clock clock) {
        this.tables = tables;
        this.writer = writer;
        this.keys = keys;
        this.budget = budget;
        this.clock = clock;
    }

    void write(ServerRequest request, ServerResponse response) throws InterruptedException {
        try {
            Parameters.checkDatabase(request);
            var precision = Precision.parse(Parameters.query(request, "precision").orElse(""));
            var requestKeys =
                    Parameters.idempotencyKey(request)
                            .map(key -> WriteKeys.ofClient(key, 0))
                            .orElseGet(keys::fresh);
            try (var body = Body.read(request, budget)) {
                var rows = bind(parse(body, precision));
                if (!rows.isEmpty()) {
                    var answer = writer.write(rows, requestKeys);
                    response.header(EPOCHS, answer.epochs());
                }
            }
            response.status(204).send();
        } catch (TerraneException e) {
            fail(response, Failure.of(e));
        }
    }

    private List<Points> parse(Body body, Precision precision) {
        var now = clock.now();
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        return LineParser.parse(body.bytes(), body.length(), precision, nanos);
    }

    /// Every table is there and every row fits before the first row is written.
    private List<TableRows> bind(List<Points> points) throws InterruptedException {
        for (var measurement : points) {
            tables.check(measurement);
        }
        var rows = new ArrayList<TableRows>(points.size());
        for (var measurement : points) {
            rows.add(tables.bind(measurement));
        }
        return rows;
    }

    /// In words for clients of both versions: one reads `error`, the other `message`.
    private void fail(ServerResponse response, Failure failure) {
        var body = new LinkedHashMap<String, Object>();
        body.put("code", failure.word());
        body.put("message", failure.text());
        body.put("error", failure.text());
        failure.retryAfterSeconds()
                .ifPresent(seconds -> response.header(HeaderNames.RETRY_AFTER, seconds));
        response.status(failure.status())
                .header(HeaderNames.CONTENT_TYPE, JSON)
                .send(json.writeValueAsBytes(body));
    }
}
