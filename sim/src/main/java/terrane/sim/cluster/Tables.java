package terrane.sim.cluster;

import terrane.core.catalog.Column;
import terrane.core.catalog.ColumnType;
import terrane.core.catalog.Literal;
import terrane.core.catalog.MergeMode;
import terrane.core.catalog.PartitionExpr;
import terrane.core.catalog.PartitionRule;
import terrane.core.catalog.TableName;
import terrane.core.catalog.TableSchema;
import terrane.core.rows.RowBatch;
import terrane.core.rows.RowBatchBuilder;
import terrane.core.scan.ScanSpec;
import terrane.core.scan.TimeRange;
import terrane.sim.history.Keeping;
import terrane.sim.history.Row;
import terrane.wire.metasrv.ClientRequest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The two tables of every scenario: one keeps all rows, one the last of each key; both are cut in
/// two by host.
final class Tables {
    static final String LOG = "log";
    static final String GAUGE = "gauge";

    /// A table that comes and goes; in histories each has its number behind it.
    static final String REMADE = "remade";

    private static final String NUMBER = "#";

    static final Map<String, Keeping> KEEPING =
            new TreeMap<>(Map.of(LOG, Keeping.ALL, GAUGE, Keeping.LAST));

    /// Times that a host's rows of the gauge have.
    static final int SLOTS = 2;

    private static final int HOST = 1;
    private static final int TIME = 2;
    private static final int SERIAL = 3;
    private static final String MIDDLE = "h5";

    private Tables() {}

    /// @param followers of each region
    static List<ClientRequest.CreateTable> ddl(int followers) {
        var options = new TreeMap<String, String>();
        if (followers > 0) {
            options.put("followers", Integer.toString(followers));
        }
        return List.of(
                create(LOG, MergeMode.APPEND, options), create(GAUGE, MergeMode.LAST_ROW, options));
    }

    static ClientRequest.CreateTable remade() {
        return create(REMADE, MergeMode.APPEND, new TreeMap<>());
    }

    static ClientRequest.AddColumns oneMoreColumn() {
        var column = new ClientRequest.NewColumn("more", ColumnType.INT64, Column.Semantic.FIELD);
        return new ClientRequest.AddColumns(TableName.of(REMADE), List.of(column), true);
    }

    static ClientRequest.DropTable dropRemade() {
        return new ClientRequest.DropTable(TableName.of(REMADE), true);
    }

    static String remade(long number) {
        return REMADE + NUMBER + number;
    }

    /// What clients call a table of the history.
    static TableName name(String table) {
        return TableName.of(table.split(NUMBER, -1)[0]);
    }

    private static boolean keepsAll(String table) {
        return !table.equals(GAUGE);
    }

    private static ClientRequest.CreateTable create(
            String table, MergeMode mode, SortedMap<String, String> options) {
        var schema =
                new TableSchema(
                        1,
                        List.of(
                                new Column(
                                        HOST, "host", ColumnType.STRING, Column.Semantic.TAG, true),
                                new Column(
                                        TIME,
                                        "ts",
                                        ColumnType.TIMESTAMP_MILLISECOND,
                                        Column.Semantic.TIMESTAMP,
                                        false),
                                new Column(
                                        SERIAL,
                                        "serial",
                                        ColumnType.INT64,
                                        Column.Semantic.FIELD,
                                        true)),
                        mode);
        var middle = new Literal.Text(MIDDLE);
        var rule =
                new PartitionRule(
                        List.of("host"),
                        List.of(
                                new PartitionExpr.Comparison(
                                        "host", PartitionExpr.Operator.LT, middle),
                                new PartitionExpr.Comparison(
                                        "host", PartitionExpr.Operator.GT_EQ, middle)));
        return new ClientRequest.CreateTable(TableName.of(table), schema, rule, options, true);
    }

    /// The two hosts that a writer has to itself, one in each region.
    static List<String> hosts(int writer) {
        return List.of("h1-" + writer, "h8-" + writer);
    }

    static Row row(String table, String host, long serial) {
        return new Row(table, keepsAll(table) ? host : host + "|" + serial % SLOTS, serial);
    }

    static RowBatch batch(List<Row> rows) {
        var builder = new RowBatchBuilder(1);
        var host = builder.column(HOST, ColumnType.STRING);
        var time = builder.column(TIME, ColumnType.TIMESTAMP_MILLISECOND);
        var serial = builder.column(SERIAL, ColumnType.INT64);
        for (var row : rows) {
            builder.addRow();
            host.put(row.key().split("\\|", -1)[0]);
            time.put(keepsAll(row.table()) ? row.serial() : row.serial() % SLOTS);
            serial.put(row.serial());
        }
        return builder.build();
    }

    static ScanSpec everything() {
        return new ScanSpec(
                List.of(HOST, TIME, SERIAL), TimeRange.ALL, List.of(), ScanSpec.NO_LIMIT);
    }

    /// A row as a scan of [#everything] returns it.
    static Row parsed(String table, List<Optional<String>> values) {
        var host = values.get(0).orElseThrow();
        long serial = Long.parseLong(values.get(2).orElseThrow());
        return row(table, host, serial);
    }
}
