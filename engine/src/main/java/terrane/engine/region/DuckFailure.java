package terrane.engine.region;

import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.time.Duration;

/// What a failure of DuckDB means to a caller. DuckDB has no error codes; the class of an error is
/// the beginning of its message.
final class DuckFailure {
    private static final Duration RETRY_AFTER = Duration.ofMillis(200);

    private DuckFailure() {}

    static RuntimeException of(@Nullable Throwable cause, boolean cancelled) {
        if (cause instanceof TerraneException known) {
            return known;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        if (cancelled) {
            return unavailable(ErrorCode.TIMED_OUT, "query was cancelled", cause);
        }
        var message = cause == null ? "" : String.valueOf(cause.getMessage());
        if (message.contains("Out of Memory Error") || isArrowMemory(cause)) {
            return unavailable(ErrorCode.OVERLOADED, "not enough memory for the query", cause);
        }
        if (message.contains("INTERRUPT Error")) {
            return unavailable(ErrorCode.TIMED_OUT, "query was interrupted", cause);
        }
        if (message.contains("IO Error")) {
            return unavailable(
                    ErrorCode.FOLDER_FAILED, "local disk failed: " + firstLine(message), cause);
        }
        return new TerraneException.Corrupt(
                ErrorCode.CORRUPT_FILE, "data file or query is not as it should be", cause);
    }

    private static boolean isArrowMemory(@Nullable Throwable cause) {
        return cause instanceof org.apache.arrow.memory.OutOfMemoryException;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private static RuntimeException unavailable(
            ErrorCode code, String message, @Nullable Throwable cause) {
        return new TerraneException.Unavailable(code, message, RETRY_AFTER, cause);
    }
}
