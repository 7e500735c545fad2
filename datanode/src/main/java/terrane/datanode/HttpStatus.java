package terrane.datanode;

import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerResponse;

import terrane.core.Address;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// `/health` and `/metrics` of a node that speaks no HTTP otherwise.
final class HttpStatus implements Machine.StatusPort {
    private final WebServer server;

    private HttpStatus(WebServer server) {
        this.server = server;
    }

    /// @param metrics in the Prometheus text format
    static HttpStatus start(Address bind, BooleanSupplier ready, Supplier<String> metrics) {
        var server =
                WebServer.builder()
                        .host(bind.host())
                        .port(bind.port())
                        .shutdownHook(false)
                        .routing(routing ->
                                routing.get("/health", (_, answer) -> health(answer, ready))
                                        .get("/metrics", (_, answer) -> answer.send(metrics.get())))
                        .build()
                        .start();
        return new HttpStatus(server);
    }

    private static void health(ServerResponse answer, BooleanSupplier ready) {
        boolean up = ready.getAsBoolean();
        answer.status(up ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
        answer.send(up ? "OK" : "starting or shutting down");
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
