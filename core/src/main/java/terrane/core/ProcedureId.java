package terrane.core;

import java.util.UUID;

/// One migration, failover or change of a table, made when it is submitted.
public record ProcedureId(UUID value) implements Comparable<ProcedureId> {
    public static ProcedureId random(Randomness randomness) {
        return new ProcedureId(randomness.nextUuid());
    }

    /// @throws TerraneException.Rejected if `text` is not a UUID in its usual form
    public static ProcedureId parse(String text) {
        try {
            return new ProcedureId(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "not a uuid: '%s' (example: 538b7476-9f79-4e50-aa9c-b1de90710839)",
                    text);
        }
    }

    @Override
    public int compareTo(ProcedureId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
