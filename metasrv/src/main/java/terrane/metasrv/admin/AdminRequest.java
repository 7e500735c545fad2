package terrane.metasrv.admin;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.time.Durations;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One call of the admin API.
///
/// @param target path and query as they were sent, to be passed on
/// @param params of the query and of a form, each once
/// @param headers by lower-case names
record AdminRequest(
        String method,
        String path,
        String target,
        Map<String, String> params,
        Map<String, String> headers) {
    /// Reads a query or a form. Of a parameter that is given twice the first counts.
    ///
    /// @throws TerraneException.Rejected if it is not url-encoded
    static void parse(String encoded, Map<String, String> into) {
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isEmpty()) {
                into.putIfAbsent(decoded(name), decoded(value));
            }
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed("not a url-encoded parameter: '%s'", text);
        }
    }

    Optional<String> param(String name) {
        return Optional.ofNullable(params.get(name)).filter(value -> !value.isEmpty());
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// @param example what to write, for the message
    /// @throws TerraneException.Rejected if it is missing or not of its form
    <T> T required(String name, String example, Function<String, T> parse) {
        String text =
                param(name)
                        .orElseThrow(() ->
                                malformed(
                                        "parameter %s is missing (example: %s=%s)",
                                        name, name, example));
        return parsed(name, example, text, parse);
    }

    <T> Optional<T> optional(String name, String example, Function<String, T> parse) {
        return param(name).map(text -> parsed(name, example, text, parse));
    }

    private static <T> T parsed(
            String name, String example, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (TerraneException.Rejected e) {
            throw new TerraneException.Rejected(
                    e.code(),
                    "parameter %s is malformed: %s (example: %s=%s)"
                            .formatted(name, e.text(), name, example),
                    e);
        }
    }

    Duration requiredDuration(String name) {
        String text =
                param(name)
                        .orElseThrow(() ->
                                malformed("parameter %s is missing (example: %s=5m)", name, name));
        return Durations.parse(name, text);
    }

    boolean flag(String name) {
        String text = param(name).orElse("false");
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw malformed(
                            "parameter %s is neither true nor false: '%s' (example: %s=true)",
                            name, text, name);
        };
    }

    static TerraneException.Rejected malformed(String format, Object... args) {
        return TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, format, args);
    }
}
