package terrane.core.catalog;

/// One column of a table.
///
/// @param id unique in its table for ever; the order of creation
/// @param semantic what the column is for
/// @param nullable false for the time index, true for everything that was added later
public record Column(int id, String name, ColumnType type, Semantic semantic, boolean nullable) {
    /// What a column is for.
    public enum Semantic {
        /// Part of the primary key.
        TAG(1),
        /// A measured value.
        FIELD(2),
        /// The time index, one for each table.
        TIMESTAMP(3);

        private final int tag;

        Semantic(int tag) {
            this.tag = tag;
        }

        public int tag() {
            return tag;
        }

        public static java.util.Optional<Semantic> ofTag(int tag) {
            return java.util.Arrays.stream(values()).filter(s -> s.tag == tag).findFirst();
        }
    }
}
