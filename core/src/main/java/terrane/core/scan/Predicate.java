package terrane.core.scan;

import terrane.core.catalog.Literal;
import terrane.core.catalog.PartitionExpr;

import java.util.List;

/// One conjunct of a WHERE clause that a region can apply. A null never satisfies a comparison.
public sealed interface Predicate {
    int columnId();

    /// The column compared with a constant.
    record Compare(int columnId, PartitionExpr.Operator operator, Literal value)
            implements Predicate {}

    /// The column equals one of the constants.
    record In(int columnId, List<Literal> values) implements Predicate {}

    /// The column is null, or is not.
    record IsNull(int columnId, boolean negated) implements Predicate {}
}
