package terrane.core;

/// What went wrong, as a stable code that a program may branch on. The table of what an operator
/// does about each stands in `docs/operating/errors.md`.
public enum ErrorCode {
    INVALID_ARGUMENT(1, "TRN-001"),
    INVALID_SQL(2, "TRN-002"),
    INVALID_LINE_PROTOCOL(3, "TRN-003"),
    TYPE_MISMATCH(4, "TRN-004"),
    TOO_LARGE(5, "TRN-005"),
    UNSUPPORTED(6, "TRN-006"),
    TABLE_NOT_FOUND(10, "TRN-010"),
    TABLE_EXISTS(11, "TRN-011"),
    COLUMN_NOT_FOUND(12, "TRN-012"),
    COLUMN_EXISTS(13, "TRN-013"),
    REGION_NOT_FOUND(14, "TRN-014"),
    PEER_NOT_FOUND(15, "TRN-015"),
    PROCEDURE_NOT_FOUND(16, "TRN-016"),
    SAME_PEER(20, "TRN-020"),
    NOT_THE_LEADER(21, "TRN-021"),
    PEER_UNFIT(22, "TRN-022"),
    ALREADY_MIGRATING(23, "TRN-023"),
    NOT_MOVABLE(24, "TRN-024"),
    PAST_CANCELLING(25, "TRN-025"),
    CROSS_SITE(26, "TRN-026"),
    FOLDER_LOST(27, "TRN-027"),
    FOLDER_FAILED(28, "TRN-028"),
    REGION_ELSEWHERE(30, "TRN-030"),
    NO_METASRV_LEADER(31, "TRN-031"),
    NOT_READY(32, "TRN-032"),
    OVERLOADED(33, "TRN-033"),
    TIMED_OUT(34, "TRN-034"),
    UNREACHABLE(35, "TRN-035"),
    SHUTTING_DOWN(36, "TRN-036"),
    OUTCOME_UNKNOWN(40, "TRN-040"),
    KEY_FORGOTTEN(41, "TRN-041"),
    PARTLY_WRITTEN(42, "TRN-042"),
    WAL_UNAVAILABLE(50, "TRN-050"),
    STORAGE_UNAVAILABLE(51, "TRN-051"),
    WAL_UNFIT(52, "TRN-052"),
    WAL_DAMAGED(53, "TRN-053"),
    CORRUPT_RECORD(60, "TRN-060"),
    CORRUPT_MANIFEST(61, "TRN-061"),
    CORRUPT_FILE(62, "TRN-062"),
    WAL_PRUNED(63, "TRN-063"),
    INTERNAL(99, "TRN-099");

    private final int tag;
    private final String text;

    ErrorCode(int tag, String text) {
        this.tag = tag;
        this.text = text;
    }

    /// The number that stands for this code on the wire; never changed, never reused.
    public int tag() {
        return tag;
    }

    /// As printed, for example `TRN-021`.
    public String text() {
        return text;
    }

    /// @return [#INTERNAL] for a tag that a newer version may have added
    public static ErrorCode ofTag(int tag) {
        for (var code : values()) {
            if (code.tag == tag) {
                return code;
            }
        }
        return INTERNAL;
    }
}
