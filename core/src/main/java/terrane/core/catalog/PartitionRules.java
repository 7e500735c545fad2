package terrane.core.catalog;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Literal.Real;
import terrane.core.catalog.Literal.Whole;
import terrane.core.catalog.PartitionExpr.And;
import terrane.core.catalog.PartitionExpr.Comparison;
import terrane.core.catalog.PartitionExpr.Or;

import java.util.LinkedHashSet;
import java.util.stream.Collectors;

/// Whether a partition rule is sound: its columns and constants fit the table, and every row
/// belongs to exactly one region.
public final class PartitionRules {
    /// Enough to split finely, few enough to open in one go.
    public static final int REGIONS_MAX = 1_024;

    private static final int FAULTS_SHOWN_MAX = 3;

    private PartitionRules() {}

    /// @throws TerraneException.Rejected if the rule is not sound; the message says which values
    ///   are left out or covered twice, as SQL conditions
    public static void validate(PartitionRule rule, TableSchema schema) {
        if (rule.columns().isEmpty() && rule.regions().isEmpty()) {
            return;
        }
        checkColumns(rule, schema);
        if (rule.regions().size() > REGIONS_MAX) {
            throw rejected("%d partitions, at most %d", rule.regions().size(), REGIONS_MAX);
        }
        rule.regions().forEach(expr -> checkExpr(expr, rule, schema));
        if (!rule.regions().isEmpty()) {
            checkCover(rule, new PartitionGrid(rule, schema));
        }
    }

    private static void checkColumns(PartitionRule rule, TableSchema schema) {
        if (rule.columns().isEmpty()) {
            throw rejected("partitions need columns: PARTITION ON COLUMNS (host) (host < 'm', …)");
        }
        var seen = new LinkedHashSet<String>();
        for (String name : rule.columns()) {
            var column =
                    schema.column(name)
                            .orElseThrow(() -> rejected("partition column '%s' not found", name));
            if (column.semantic() != Column.Semantic.TAG) {
                throw rejected("partition column '%s' is not in the primary key", name);
            }
            if (column.type() == ColumnType.BINARY) {
                throw rejected("partition column '%s' is binary, which has no constants", name);
            }
            if (!seen.add(name)) {
                throw rejected("partition column '%s' is named twice", name);
            }
        }
    }

    private static void checkExpr(PartitionExpr expr, PartitionRule rule, TableSchema schema) {
        switch (expr) {
            case And and -> {
                checkExpr(and.lhs(), rule, schema);
                checkExpr(and.rhs(), rule, schema);
            }
            case Or or -> {
                checkExpr(or.lhs(), rule, schema);
                checkExpr(or.rhs(), rule, schema);
            }
            case Comparison c -> checkComparison(c, rule, schema);
        }
    }

    private static void checkComparison(Comparison c, PartitionRule rule, TableSchema schema) {
        if (!rule.columns().contains(c.column())) {
            throw rejected(
                    "a partition compares '%s', which is not among the partition columns %s",
                    c.column(), rule.columns());
        }
        var type = schema.column(c.column()).orElseThrow().type();
        boolean fits =
                LiteralOrder.of(type).compares(c.value())
                        && (!(c.value() instanceof Whole whole)
                                || WholeRange.of(type).contains(whole.value()))
                        && !(c.value() instanceof Real real && Double.isNaN(real.value()));
        if (!fits) {
            throw TerraneException.rejected(
                    ErrorCode.TYPE_MISMATCH,
                    "a partition compares '%s' of type %s with %s",
                    c.column(),
                    type.label(),
                    c.value());
        }
    }

    private static void checkCover(PartitionRule rule, PartitionGrid grid) {
        if (grid.tooLarge()) {
            throw rejected(
                    "the partitions cut their columns into too many pieces: pieces=%d"
                            + " partitions=%d",
                    grid.cellCount(), rule.regions().size());
        }
        var faults = grid.faults(FAULTS_SHOWN_MAX + 1);
        if (!faults.isEmpty()) {
            throw rejected(
                    "partitions must cover everything and overlap nowhere: %s%s",
                    faults.stream()
                            .limit(FAULTS_SHOWN_MAX)
                            .map(PartitionRules::words)
                            .collect(Collectors.joining("; ")),
                    faults.size() > FAULTS_SHOWN_MAX ? "; and more" : "");
        }
    }

    private static String words(PartitionGrid.Fault fault) {
        if (fault.regions().isEmpty()) {
            return "no partition holds " + fault.where();
        }
        String numbers =
                fault.regions().stream()
                        .map(region -> Integer.toString(region + 1))
                        .collect(Collectors.joining(" and "));
        return "partitions " + numbers + " both hold " + fault.where();
    }

    private static TerraneException.Rejected rejected(String format, Object... args) {
        return TerraneException.rejected(ErrorCode.INVALID_ARGUMENT, format, args);
    }
}
