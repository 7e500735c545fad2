package terrane.core;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/// A failure the caller can act on. There is one subtype for each thing a caller can *do*, and no
/// others: details belong in the message, which is for people and may change at any time.
public abstract sealed class TerraneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    private TerraneException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /// The message without the class name, never null.
    public String text() {
        var message = getMessage();
        return message == null ? code.text() : message;
    }

    /// The request is wrong. Sending it again unchanged cannot succeed.
    public static final class Rejected extends TerraneException {
        private static final long serialVersionUID = 1L;

        public Rejected(ErrorCode code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /// Another node leads. Refresh the route, or follow the hint, and send again at once. Nothing
    /// was changed.
    public static final class NotLeader extends TerraneException {
        private static final long serialVersionUID = 1L;

        private final transient @Nullable LeaderHint hint;
        private final transient @Nullable Address metasrv;

        public NotLeader(
                ErrorCode code,
                String message,
                @Nullable LeaderHint hint,
                @Nullable Address metasrv) {
            super(code, message, null);
            this.hint = hint;
            this.metasrv = metasrv;
        }

        /// The region's leader, as far as the refusing node knows.
        public Optional<LeaderHint> hint() {
            return Optional.ofNullable(hint);
        }

        /// The metasrv leader's RPC address, where the refusing node is a metasrv and knows it.
        public Optional<Address> metasrv() {
            return Optional.ofNullable(metasrv);
        }
    }

    /// Nothing was changed. Send again after the given delay.
    public static final class Unavailable extends TerraneException {
        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        public Unavailable(
                ErrorCode code, String message, Duration retryAfter, @Nullable Throwable cause) {
            super(code, message, cause);
            this.retryAfter = retryAfter;
        }

        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /// The write may or may not survive. Send again with the same idempotency key, or read back.
    public static final class Uncertain extends TerraneException {
        private static final long serialVersionUID = 1L;

        public Uncertain(ErrorCode code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    /// Stored bytes contradict their checksum or each other. Do not retry; tell an operator.
    public static final class Corrupt extends TerraneException {
        private static final long serialVersionUID = 1L;

        public Corrupt(ErrorCode code, String message, @Nullable Throwable cause) {
            super(code, message, cause);
        }
    }

    public static Rejected rejected(ErrorCode code, String format, Object... args) {
        return new Rejected(code, format.formatted(args), null);
    }

    /// Retry after 50 ms: long enough not to spin, short beside any deadline.
    public static Unavailable unavailable(ErrorCode code, String format, Object... args) {
        return new Unavailable(code, format.formatted(args), Duration.ofMillis(50), null);
    }

    public static Uncertain uncertain(ErrorCode code, String format, Object... args) {
        return new Uncertain(code, format.formatted(args), null);
    }

    public static Corrupt corrupt(ErrorCode code, String format, Object... args) {
        return new Corrupt(code, format.formatted(args), null);
    }
}
