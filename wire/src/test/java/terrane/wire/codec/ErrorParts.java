package terrane.wire.codec;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.LeaderHint;
import terrane.core.TerraneException;

import java.time.Duration;
import java.util.Optional;

/// Everything of an error that travels, to be compared.
public record ErrorParts(
        Class<?> type,
        ErrorCode code,
        String text,
        Optional<LeaderHint> hint,
        Optional<Address> metasrv,
        Optional<Duration> retryAfter) {

    public static ErrorParts of(TerraneException error) {
        return new ErrorParts(
                error.getClass(),
                error.code(),
                error.text(),
                error instanceof TerraneException.NotLeader e ? e.hint() : Optional.empty(),
                error instanceof TerraneException.NotLeader e ? e.metasrv() : Optional.empty(),
                error instanceof TerraneException.Unavailable e
                        ? Optional.of(e.retryAfter())
                        : Optional.empty());
    }
}
