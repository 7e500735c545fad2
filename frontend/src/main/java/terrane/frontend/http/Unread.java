package terrane.frontend.http;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;

import java.util.Optional;

/// Answers to requests that the server refuses before anybody here has seen them: they too say what
/// is wrong.
final class Unread {
    private Unread() {}

    static DirectHandlers handlers() {
        var handlers = DirectHandlers.builder();
        for (var type : EventType.values()) {
            handlers.addHandler(
                    type, (_, of, status, headers, text) -> answer(of, status, headers, text));
        }
        return handlers.build();
    }

    private static TransportResponse answer(
            EventType type, Status status, ServerResponseHeaders headers, @Nullable String text) {
        boolean ours = status.code() >= 500;
        var code = ours ? ErrorCode.INTERNAL : ErrorCode.INVALID_ARGUMENT;
        var why = text == null || text.isBlank() ? status.reasonPhrase() : text;
        var message = "the request was not carried out: %s (%s)".formatted(why, code.text());
        var word = ours ? "internal error" : "invalid";
        var failure =
                new Failure(status.code(), ours ? 1003 : 1004, word, message, Optional.empty());
        headers.set(HeaderNames.CONTENT_TYPE, "application/json; charset=utf-8");
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(type.keepAlive())
                .entity(SqlJson.error(failure, 0))
                .build();
    }
}
