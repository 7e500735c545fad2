package terrane.core.catalog;

/// What becomes of rows with the same primary key and time.
public enum MergeMode {
    /// The row with the greatest version, whole.
    LAST_ROW(1),
    /// For each field the newest value that is not null: what InfluxDB's users expect.
    LAST_NON_NULL(2),
    /// All rows are kept (`append_mode = 'true'`).
    APPEND(3);

    private final int tag;

    MergeMode(int tag) {
        this.tag = tag;
    }

    public int tag() {
        return tag;
    }

    public static java.util.Optional<MergeMode> ofTag(int tag) {
        return java.util.Arrays.stream(values()).filter(mode -> mode.tag == tag).findFirst();
    }
}
