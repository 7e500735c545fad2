package terrane.core.scan;

import java.util.List;

/// What one region is asked to return.
///
/// @param columnIds in the order in which they are returned; may be empty, then only the number of
///   rows matters
/// @param predicates all must hold
/// @param limit at most this many rows; [#NO_LIMIT] for all
public record ScanSpec(
        List<Integer> columnIds, TimeRange times, List<Predicate> predicates, long limit) {
    public static final long NO_LIMIT = Long.MAX_VALUE;

    public ScanSpec {
        columnIds = List.copyOf(columnIds);
        predicates = List.copyOf(predicates);
    }
}
