package terrane.metasrv.admin;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import org.jspecify.annotations.Nullable;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.formation.Standing;
import terrane.metasrv.raft.CatalogStore;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// Serves the admin API over HTTP, on every metasrv.
public final class AdminServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());
    private static final HeaderName CACHE_CONTROL = HeaderNames.CACHE_CONTROL;

    /// A form of a few ids.
    private static final int FORM_BYTES_MAX = 64 << 10;

    private final String metasrv;
    private final Supplier<Standing> standing;
    private final Forwarding forwarding = new Forwarding();
    private final WebServer server;
    private volatile @Nullable AdminApi api;

    /// Begins to answer other metasrvs, which may have to know this one's folder before any of them
    /// has a catalog; everything else is refused until [#serve].
    ///
    /// @param bind port 0 for any that is free
    /// @param metasrv this one's id
    public AdminServer(Address bind, String metasrv, Supplier<Standing> standing) {
        this.metasrv = metasrv;
        this.standing = standing;
        server =
                WebServer.builder()
                        .host(bind.host())
                        .port(bind.port())
                        .maxPayloadSize(FORM_BYTES_MAX)
                        .shutdownHook(false)
                        .directHandlers(unread())
                        .routing(routing -> routing.any(this::handle))
                        .build()
                        .start();
    }

    /// Answers to requests that the server refuses before anybody here has seen them.
    private static DirectHandlers unread() {
        var handlers = DirectHandlers.builder();
        for (var type : EventType.values()) {
            handlers.addHandler(
                    type, (_, of, status, headers, text) -> unread(of, status, headers, text));
        }
        return handlers.build();
    }

    private static TransportResponse unread(
            EventType type, Status status, ServerResponseHeaders headers, @Nullable String text) {
        var code = status.code() < 500 ? ErrorCode.INVALID_ARGUMENT : ErrorCode.INTERNAL;
        var why = text == null || text.isBlank() ? status.reasonPhrase() : text;
        var answer =
                AdminAnswer.error(status.code(), code, "the request was not carried out: " + why);
        headers.set(HeaderNames.CONTENT_TYPE, answer.contentType());
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(type.keepAlive())
                .entity(answer.body())
                .build();
    }

    /// Answers everything from now on.
    public void serve(CatalogStore store, AdminSource source) {
        api = new AdminApi(store, source);
    }

    /// The real port, where 0 was asked for.
    public int port() {
        return server.port();
    }

    private void handle(ServerRequest request, ServerResponse response) {
        var answer = guarded(request);
        response.status(answer.status())
                .header(CACHE_CONTROL, "no-store")
                .header(HeaderNames.CONTENT_TYPE, answer.contentType())
                .send(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private AdminAnswer guarded(ServerRequest request) {
        try {
            return answer(read(request));
        } catch (TerraneException e) {
            return AdminAnswer.error(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return AdminAnswer.error(503, ErrorCode.SHUTTING_DOWN, "shutting down");
        } catch (IOException e) {
            return AdminAnswer.error(
                    503,
                    ErrorCode.UNREACHABLE,
                    "the leader does not answer, try again: " + reason(e));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "admin call failed path=" + request.path().path(), e);
            return AdminAnswer.error(500, ErrorCode.INTERNAL, "internal error, see the log");
        }
    }

    /// Connections that end have no message of their own.
    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private AdminAnswer answer(AdminRequest request) throws InterruptedException, IOException {
        CrossSite.check(request);
        if (request.path().equals(FormationDocument.PATH)) {
            return AdminApi.get(request, FormationDocument.of(metasrv, standing.get()));
        }
        var api = this.api;
        if (api == null) {
            return AdminAnswer.error(
                    503,
                    ErrorCode.NOT_READY,
                    "this metasrv starts; its log says what it waits for");
        }
        if (AdminApi.answeredByAnyMember(request) || api.leads()) {
            return api.answer(request);
        }
        var leader = api.leader();
        if (leader.isEmpty() || Forwarding.wasForwarded(request)) {
            return api.none();
        }
        return forwarding.forward(request, leader.get());
    }

    private static AdminRequest read(ServerRequest request) {
        var headers = new LinkedHashMap<String, String>();
        request.headers()
                .forEach(header ->
                        headers.put(header.name().toLowerCase(Locale.ROOT), header.get()));
        var params = new LinkedHashMap<String, String>();
        AdminRequest.parse(request.query().rawValue(), params);
        boolean form =
                headers.getOrDefault("content-type", "")
                        .startsWith("application/x-www-form-urlencoded");
        boolean filled = form && request.content().hasEntity();
        String body = filled ? request.content().as(String.class) : "";
        AdminRequest.parse(body, params);
        String path = request.path().path();
        return new AdminRequest(
                request.prologue().method().text(), path, target(path, params), params, headers);
    }

    private static String target(String path, Map<String, String> params) {
        var target = new StringBuilder(path);
        char separator = '?';
        for (var param : params.entrySet()) {
            target.append(separator).append(encoded(param.getKey()));
            target.append('=').append(encoded(param.getValue()));
            separator = '&';
        }
        return target.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop();
        forwarding.close();
    }
}
