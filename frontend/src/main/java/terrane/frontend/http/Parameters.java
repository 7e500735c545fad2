package terrane.frontend.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.TableName;
import terrane.query.select.VirtualTable;

import java.util.Optional;

/// What requests say beside their body.
final class Parameters {
    private static final int KEY_CHARS_MAX = 255;

    private Parameters() {}

    static Optional<String> query(ServerRequest request, String name) {
        return request.query().first(name).asOptional().filter(value -> !value.isEmpty());
    }

    /// The one database that can be written to, by any of the names that clients have for it.
    static void checkDatabase(ServerRequest request) {
        var given = query(request, "db").or(() -> query(request, "bucket"));
        given.ifPresent(name -> checkDatabase(name, false));
    }

    /// The schema in which a statement's names are looked up.
    static String schema(ServerRequest request) {
        return query(request, "db").map(name -> checkDatabase(name, true)).orElse(TableName.SCHEMA);
    }

    private static String checkDatabase(String name, boolean reading) {
        var schema =
                name.startsWith(TableName.CATALOG + "-")
                        ? name.substring(TableName.CATALOG.length() + 1)
                        : name;
        if (schema.equals(TableName.SCHEMA) || (reading && schema.equals(VirtualTable.SCHEMA))) {
            return schema;
        }
        throw TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT,
                "database '%s' does not exist; there is one, '%s'",
                name,
                TableName.SCHEMA);
    }

    /// The client's own key, under which a repeated request is carried out once.
    static Optional<String> idempotencyKey(ServerRequest request) {
        var key = request.headers().value(HeaderNames.create("Idempotency-Key"));
        if (key.filter(text -> text.isBlank() || text.length() > KEY_CHARS_MAX).isPresent()) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "Idempotency-Key must have 1 to %d characters",
                    KEY_CHARS_MAX);
        }
        return key;
    }
}
