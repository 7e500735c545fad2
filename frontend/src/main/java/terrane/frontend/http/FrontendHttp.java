package terrane.frontend.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import tools.jackson.databind.ObjectMapper;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// The HTTP server of a frontend.
public final class FrontendHttp implements AutoCloseable {
    private static final Logger LOG = System.getLogger(FrontendHttp.class.getName());
    private static final String JSON = "application/json; charset=utf-8";
    private static final String PATHS =
            "GET or POST /v1/sql; POST /v1/influxdb/write, /v1/influxdb/api/v2/write, /write,"
                    + " /api/v2/write; GET /ping, /health, /metrics";

    /// More at once wait in the network: each holds a body of up to 64 MiB, which the budget
    /// bounds, and a few tens of KiB of buffers, 100 MiB in all.
    private static final int REQUESTS_MAX = 2_048;

    private static final Duration LAST_ANSWERS_MAX = Duration.ofSeconds(2);

    private final Endpoints endpoints;
    private final String version;
    private final PrometheusMeterRegistry metrics;
    private final WebServer server;
    private final ObjectMapper json = new ObjectMapper();

    /// What the server serves.
    ///
    /// @param ready whether requests can be answered: tables are known
    public record Endpoints(
            SqlEndpoint sql, LineEndpoint lines, Gate gate, BooleanSupplier ready) {}

    /// Starts to listen at once.
    public FrontendHttp(
            Address bind, Endpoints endpoints, PrometheusMeterRegistry metrics, String version) {
        this.endpoints = endpoints;
        this.version = version;
        this.metrics = metrics;
        this.server =
                WebServer.builder()
                        .host(bind.host())
                        .port(bind.port())
                        .shutdownHook(false)
                        .shutdownGracePeriod(LAST_ANSWERS_MAX)
                        .maxConcurrentRequests(REQUESTS_MAX)
                        .directHandlers(Unread.handlers())
                        // Bodies are unpacked by us, within bounds.
                        .contentEncoding(
                                ContentEncodingContext.builder()
                                        .contentEncodingsDiscoverServices(false)
                                        .addContentEncoding(new PackedBodies())
                                        .build())
                        .routing(this::routes)
                        .build()
                        .start();
    }

    private void routes(HttpRouting.Builder routes) {
        Handler sql = gated((request, response) -> endpoints.sql().run(request, response));
        routes.post("/v1/sql", sql).get("/v1/sql", sql);
        Handler write = gated((request, response) -> endpoints.lines().write(request, response));
        for (var prefix : new String[] {"", "/v1/influxdb"}) {
            routes.post(prefix + "/write", write)
                    .post(prefix + "/api/v2/write", write)
                    .any(prefix + "/query", this::influxQuery)
                    .get(prefix + "/ping", this::ping)
                    .head(prefix + "/ping", this::ping)
                    .get(prefix + "/health", this::health)
                    .head(prefix + "/health", this::health);
        }
        routes.get("/metrics", this::metrics).any(this::nothing);
    }

    /// Clients of InfluxDB 1 ask here in InfluxQL, some of them for a database before they write.
    private void influxQuery(ServerRequest request, ServerResponse response) {
        refuse(
                response,
                TerraneException.rejected(
                        ErrorCode.UNSUPPORTED,
                        "InfluxQL is not understood: ask in SQL at /v1/sql. Databases are not"
                                + " created, there is one, 'public'; tables come with their"
                                + " first point"));
    }

    private void nothing(ServerRequest request, ServerResponse response) {
        var text =
                "nothing at %s %s; there are: %s (%s)"
                        .formatted(
                                request.prologue().method().text(),
                                request.path().path(),
                                PATHS,
                                ErrorCode.UNSUPPORTED.text());
        refuse(response, new Failure(404, 1001, "not found", text, Optional.empty()));
    }

    /// A request that may have to wait, and that a drain waits for.
    @FunctionalInterface
    private interface Gated {
        void answer(ServerRequest request, ServerResponse response) throws InterruptedException;
    }

    private Handler gated(Gated inner) {
        return (request, response) -> {
            try {
                endpoints.gate().enter();
            } catch (TerraneException e) {
                refuse(response, e);
                return;
            }
            try {
                inner.answer(request, response);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                refuse(response, shuttingDown());
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "request failed: path=" + request.path().path(), e);
                if (!response.isSent()) {
                    refuse(response, internal(e));
                }
            } finally {
                endpoints.gate().leave();
            }
        };
    }

    private static TerraneException shuttingDown() {
        return TerraneException.uncertain(
                ErrorCode.SHUTTING_DOWN, "this frontend shut down before the request was done");
    }

    private static TerraneException internal(RuntimeException e) {
        return new TerraneException.Uncertain(
                ErrorCode.INTERNAL, "internal error: " + e.getClass().getSimpleName(), e);
    }

    private static void refuse(ServerResponse response, TerraneException e) {
        refuse(response, Failure.of(e));
    }

    private static void refuse(ServerResponse response, Failure failure) {
        failure.retryAfterSeconds()
                .ifPresent(seconds -> response.header(HeaderNames.RETRY_AFTER, seconds));
        response.status(failure.status())
                .header(HeaderNames.CONTENT_TYPE, JSON)
                .send(SqlJson.error(failure, 0));
    }

    private void ping(ServerRequest request, ServerResponse response) {
        response.status(204).header("X-Influxdb-Version", version).send();
    }

    /// As InfluxDB's clients expect it; 503 where requests would fail.
    private void health(ServerRequest request, ServerResponse response) {
        boolean open = endpoints.gate().open();
        boolean pass = open && endpoints.ready().getAsBoolean();
        var body = new LinkedHashMap<String, Object>();
        body.put("name", "terrane");
        body.put(
                "message",
                pass
                        ? "ready for queries and writes"
                        : open ? "no metasrv has answered yet" : "shutting down");
        body.put("status", pass ? "pass" : "fail");
        body.put("version", version);
        response.status(pass ? 200 : 503)
                .header(HeaderNames.CONTENT_TYPE, JSON)
                .send(json.writeValueAsBytes(body));
    }

    private void metrics(ServerRequest request, ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                .send(metrics.scrape());
    }

    /// The real port, where 0 was asked for.
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
