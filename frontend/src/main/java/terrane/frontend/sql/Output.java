package terrane.frontend.sql;

import org.jspecify.annotations.Nullable;

import terrane.query.select.QueryResult;
import terrane.query.select.QueryResult.ResultColumn;

import java.util.List;
import java.util.stream.Stream;

/// What one statement answers.
public sealed interface Output {
    /// A change.
    record AffectedRows(long count) implements Output {}

    /// An answer in rows.
    record Records(QueryResult result) implements Output {}

    /// Rows of columns that are all strings.
    static Records strings(List<String> columns, List<List<@Nullable Object>> rows) {
        var typed = columns.stream().map(name -> new ResultColumn(name, "String")).toList();
        return new Records(new QueryResult(typed, rows));
    }

    /// One column of strings.
    static Records column(String name, Stream<String> values) {
        return strings(
                List.of(name), values.map(value -> List.<@Nullable Object>of(value)).toList());
    }
}
