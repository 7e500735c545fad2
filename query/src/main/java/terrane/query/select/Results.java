package terrane.query.select;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBResultSet;
import org.jspecify.annotations.Nullable;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Runs a query and takes its answer out of DuckDB, whole and bounded. All of it runs within a
/// step.
final class Results {
    private static final long BATCH_ROWS = 8_192;

    /// Quotes, commas, and what a row of Java objects takes beyond its text.
    private static final int CELL_BYTES = 16;

    private Results() {}

    static QueryResult read(SelectSession session, String sql) throws SQLException, IOException {
        try (var statement = session.statement();
                var result = statement.executeQuery(sql).unwrap(DuckDBResultSet.class);
                var reader =
                        (ArrowReader) result.arrowExportStream(session.allocator(), BATCH_ROWS)) {
            var fields = reader.getVectorSchemaRoot().getSchema().getFields();
            var rows = new ArrayList<List<@Nullable Object>>();
            long bytes = 0;
            while (reader.loadNextBatch()) {
                var vectors = reader.getVectorSchemaRoot().getFieldVectors();
                int count = reader.getVectorSchemaRoot().getRowCount();
                for (int row = 0; row < count; row++) {
                    var cells = cells(vectors, row);
                    bytes += size(cells);
                    rows.add(cells);
                    check(bytes);
                }
            }
            return new QueryResult(columns(fields), Collections.unmodifiableList(rows));
        }
    }

    private static List<QueryResult.ResultColumn> columns(List<Field> fields) {
        return fields.stream()
                .map(field -> new QueryResult.ResultColumn(field.getName(), Cells.label(field)))
                .toList();
    }

    private static List<@Nullable Object> cells(List<FieldVector> vectors, int row) {
        var cells = new ArrayList<@Nullable Object>(vectors.size());
        for (var vector : vectors) {
            cells.add(Cells.cell(vector, row));
        }
        return Collections.unmodifiableList(cells);
    }

    private static long size(List<@Nullable Object> cells) {
        long bytes = 0;
        for (var cell : cells) {
            bytes += CELL_BYTES + (cell instanceof String text ? text.length() : 0);
        }
        return bytes;
    }

    private static void check(long bytes) {
        if (bytes > QueryResult.BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "the answer is larger than %d MiB; add a LIMIT, aggregate, or ask for less"
                            + " time",
                    QueryResult.BYTES_MAX >> 20);
        }
    }
}
