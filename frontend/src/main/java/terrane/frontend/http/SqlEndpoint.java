package terrane.frontend.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Clock;
import terrane.frontend.sql.SqlService;
import terrane.frontend.write.ByteBudget;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Takes SQL, in a form field or a query parameter, and answers as GreptimeDB does.
public final class SqlEndpoint {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String FORMAT = "greptimedb_v1";

    private final SqlService service;
    private final ByteBudget budget;
    private final Clock clock;

    public SqlEndpoint(SqlService service, ByteBudget budget, Clock clock) {
        this.service = service;
        this.budget = budget;
        this.clock = clock;
    }

    void run(ServerRequest request, ServerResponse response) throws InterruptedException {
        long began = clock.nanos();
        byte[] answer;
        try {
            checkFormat(Parameters.query(request, "format"));
            var sql = sql(request);
            var outputs =
                    service.run(
                            sql, Parameters.schema(request), Parameters.idempotencyKey(request));
            answer = SqlJson.outputs(outputs, millisSince(began));
        } catch (TerraneException e) {
            var failure = Failure.of(e);
            failure.retryAfterSeconds()
                    .ifPresent(seconds -> response.header(HeaderNames.RETRY_AFTER, seconds));
            response.status(failure.status());
            answer = SqlJson.error(failure, millisSince(began));
        }
        response.header(HeaderNames.CONTENT_TYPE, JSON).send(answer);
    }

    private long millisSince(long began) {
        return (clock.nanos() - began) / 1_000_000;
    }

    private static void checkFormat(Optional<String> format) {
        if (format.isPresent() && !format.get().equals(FORMAT)) {
            throw TerraneException.rejected(
                    ErrorCode.UNSUPPORTED,
                    "format '%s' is not supported, only '%s'",
                    format.get(),
                    FORMAT);
        }
    }

    private String sql(ServerRequest request) {
        var parameter = Parameters.query(request, "sql");
        if (parameter.isPresent()) {
            return parameter.get();
        }
        try (var body = Body.read(request, budget)) {
            var form = new String(body.bytes(), 0, body.length(), StandardCharsets.UTF_8);
            return field(form)
                    .orElseThrow(() ->
                            TerraneException.rejected(
                                    ErrorCode.INVALID_ARGUMENT,
                                    "no statement: send the form field or the query"
                                            + " parameter 'sql'"));
        }
    }

    private static Optional<String> field(String form) {
        for (var pair : form.split("&", -1)) {
            if (pair.startsWith("sql=")) {
                return Optional.of(decoded(pair.substring("sql=".length())));
            }
        }
        return Optional.empty();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "form field 'sql' is not url-encoded: %s", e);
        }
    }
}
