package terrane.fuzz;

import terrane.core.rows.RowBatchCodec;
import terrane.frontend.lineprotocol.LineParser;
import terrane.frontend.lineprotocol.Points;
import terrane.frontend.lineprotocol.PointsBinder;
import terrane.frontend.lineprotocol.Precision;

/// Line protocol from its bytes to the batches of the tables that it makes, as they go to regions.
final class LineProtocol {
    private static final long NOW_NANOS = 1_700_000_000_000_000_000L;

    private LineProtocol() {}

    static void read(byte[] input) {
        for (var precision : new Precision[] {Precision.NANOSECONDS, Precision.HOURS}) {
            LineParser.parse(input, input.length, precision, NOW_NANOS)
                    .forEach(LineProtocol::bound);
        }
    }

    private static void bound(Points points) {
        var schema = PointsBinder.newSchema(points);
        if (!PointsBinder.missing(points, schema).isEmpty()) {
            throw new AssertionError("its own table lacks columns: " + schema);
        }
        long rows = 0;
        for (var batch : PointsBinder.bind(points, schema)) {
            rows += batch.rowCount();
            byte[] bytes = RowBatchCodec.encode(batch);
            Same.bytes(bytes, RowBatchCodec.encode(RowBatchCodec.decode(bytes)));
        }
        if (rows != points.rowCount()) {
            throw new AssertionError("rows=%d of %d".formatted(rows, points.rowCount()));
        }
    }
}
