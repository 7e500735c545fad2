package terrane.frontend.http;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.TerraneException.Corrupt;
import terrane.core.TerraneException.NotLeader;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;

import java.time.Duration;
import java.util.Optional;

/// How a failure is told over HTTP.
///
/// @param status of HTTP
/// @param code as GreptimeDB numbers failures
/// @param word as InfluxDB names them
record Failure(int status, int code, String word, String text, Optional<Duration> retryAfter) {
    static Failure of(TerraneException e) {
        var text = "%s (%s)".formatted(e.text(), e.code().text());
        return switch (e) {
            case Rejected _ -> {
                int status = status(e.code());
                var word = status == 413 ? "request too large" : "invalid";
                yield new Failure(status, code(e.code()), word, text, Optional.empty());
            }
            case NotLeader _ ->
                    new Failure(
                            503,
                            code(e.code()),
                            "unavailable",
                            text,
                            Optional.of(Duration.ofSeconds(1)));
            case Unavailable u ->
                    new Failure(
                            503, code(e.code()), "unavailable", text, Optional.of(u.retryAfter()));
            case Uncertain _ ->
                    new Failure(500, code(e.code()), "internal error", text, Optional.empty());
            case Corrupt _ ->
                    new Failure(500, code(e.code()), "internal error", text, Optional.empty());
        };
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case TOO_LARGE -> 413;
            case TABLE_NOT_FOUND, REGION_NOT_FOUND, PEER_NOT_FOUND, PROCEDURE_NOT_FOUND -> 404;
            case TABLE_EXISTS, COLUMN_EXISTS, ALREADY_MIGRATING, KEY_FORGOTTEN, NOT_THE_LEADER ->
                    409;
            case INTERNAL -> 500;
            default -> 400;
        };
    }

    /// GreptimeDB's numbers, which its clients branch on.
    private static int code(ErrorCode code) {
        return switch (code) {
            case INVALID_SQL -> 2000;
            case UNSUPPORTED -> 1001;
            case TABLE_EXISTS -> 4000;
            case TABLE_NOT_FOUND -> 4001;
            case COLUMN_NOT_FOUND -> 4002;
            case COLUMN_EXISTS -> 4003;
            case REGION_NOT_FOUND -> 4005;
            case REGION_ELSEWHERE, NO_METASRV_LEADER, NOT_READY, UNREACHABLE, TIMED_OUT -> 4009;
            case STORAGE_UNAVAILABLE, WAL_UNAVAILABLE, FOLDER_FAILED -> 5000;
            case OVERLOADED -> 6001;
            case INTERNAL, OUTCOME_UNKNOWN, PARTLY_WRITTEN -> 1003;
            default -> 1004;
        };
    }

    /// For the header `Retry-After`: whole seconds, at least one.
    Optional<String> retryAfterSeconds() {
        return retryAfter.map(
                delay -> Long.toString(Math.max(1, delay.plusMillis(999).toSeconds())));
    }
}
