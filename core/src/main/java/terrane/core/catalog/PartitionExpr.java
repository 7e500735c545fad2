package terrane.core.catalog;

/// A condition on partition columns, as in `host >= 'h' AND host < 'q'`.
public sealed interface PartitionExpr {
    /// Both hold.
    record And(PartitionExpr lhs, PartitionExpr rhs) implements PartitionExpr {}

    /// At least one holds.
    record Or(PartitionExpr lhs, PartitionExpr rhs) implements PartitionExpr {}

    /// A column compared with a constant. A null compares as smaller than every constant.
    record Comparison(String column, Operator operator, Literal value) implements PartitionExpr {}

    /// The comparisons, with the words of the route document.
    enum Operator {
        EQ("Eq", "="),
        NOT_EQ("NotEq", "<>"),
        LT("Lt", "<"),
        LT_EQ("LtEq", "<="),
        GT("Gt", ">"),
        GT_EQ("GtEq", ">=");

        private final String label;
        private final String symbol;

        Operator(String label, String symbol) {
            this.label = label;
            this.symbol = symbol;
        }

        /// As the route document has it.
        public String label() {
            return label;
        }

        /// As SQL has it.
        public String symbol() {
            return symbol;
        }
    }
}
