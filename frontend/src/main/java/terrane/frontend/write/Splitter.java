package terrane.frontend.write;

import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.catalog.Table;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchCodec;
import terrane.core.rows.RowBatches;
import terrane.frontend.route.Partitions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Cuts rows into parts: by region, and so that each fits well into a log record. The cut is a
/// function of the rows and the partition rule alone, so a client that repeats its request under
/// its own key gets the same parts with the same numbers.
final class Splitter {
    /// Above this a batch is cut: large enough to be efficient, small enough that a write of one
    /// client does not delay another's for long.
    static final int PART_BYTES_MAX = 1 << 20;

    /// The most that a single row may take: a WAL record's limit of 4 MiB, less what surrounds it.
    static final int ROW_BYTES_MAX = (4 << 20) - (64 << 10);

    private final Map<RegionId, List<Part>> parts = new LinkedHashMap<>();

    private final Function<Table, Partitions> partitions;

    private Splitter(Function<Table, Partitions> partitions) {
        this.partitions = partitions;
    }

    /// @return for each region its parts in the order in which they are to be written
    /// @throws TerraneException.Rejected if a row is too large
    static Map<RegionId, List<Part>> split(
            List<TableRows> tables, Function<Table, Partitions> partitions) {
        var splitter = new Splitter(partitions);
        tables.forEach(splitter::add);
        return splitter.parts;
    }

    private void add(TableRows rows) {
        var rule = partitions.apply(rows.table());
        for (var batch : rows.batches()) {
            var cut = RowBatches.split(batch, rule.locate(batch), rule.regionCount());
            for (int number = 0; number < cut.size(); number++) {
                if (cut.get(number).rowCount() > 0) {
                    add(rows, rows.table().id().region(number), cut.get(number));
                }
            }
        }
    }

    private void add(TableRows rows, RegionId region, RowBatch batch) {
        byte[] bytes = RowBatchCodec.encode(batch);
        if (bytes.length <= PART_BYTES_MAX) {
            put(rows, region, batch.rowCount(), batch.schemaVersion(), bytes);
            return;
        }
        if (batch.rowCount() == 1) {
            checkRow(rows, bytes);
            put(rows, region, 1, batch.schemaVersion(), bytes);
            return;
        }
        int pieces = Math.min(batch.rowCount(), bytes.length / PART_BYTES_MAX + 1);
        int each = (batch.rowCount() + pieces - 1) / pieces;
        for (int from = 0; from < batch.rowCount(); from += each) {
            int to = Math.min(from + each, batch.rowCount());
            add(rows, region, RowBatches.select(batch, IntStream.range(from, to).toArray()));
        }
    }

    private static void checkRow(TableRows rows, byte[] bytes) {
        if (bytes.length > ROW_BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "a row of table '%s' takes %d bytes, at most %d are possible; nothing was"
                            + " written",
                    rows.table().name().table(),
                    bytes.length,
                    ROW_BYTES_MAX);
        }
    }

    private void put(TableRows rows, RegionId region, int count, int version, byte[] bytes) {
        var before = parts.computeIfAbsent(region, _ -> new ArrayList<>());
        var table = rows.table().name().table();
        before.add(new Part(region, table, before.size(), count, version, bytes));
    }
}
