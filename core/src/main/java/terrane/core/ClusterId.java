package terrane.core;

import java.util.UUID;

/// One Terrane cluster, made once when its metadata is created. Every WAL record and manifest names
/// it.
public record ClusterId(UUID value) implements Comparable<ClusterId> {
    public static ClusterId random(Randomness randomness) {
        return new ClusterId(randomness.nextUuid());
    }

    /// @throws TerraneException.Rejected if `text` is not a UUID in its usual form
    public static ClusterId parse(String text) {
        try {
            return new ClusterId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "not a uuid: '%s' (example: 538b7476-9f79-4e50-aa9c-b1de90710839)",
                    text);
        }
    }

    @Override
    public int compareTo(ClusterId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
