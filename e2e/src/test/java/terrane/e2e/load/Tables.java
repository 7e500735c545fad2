package terrane.e2e.load;

import terrane.sim.history.Keeping;
import terrane.sim.history.Row;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The two tables of every load, of two regions each: one keeps all rows, so that doubled ones
/// show; one keeps the last row of a key, so that old ones show.
public final class Tables {
    public static final String LOG = "log";
    public static final String GAUGE = "gauge";

    /// How the checker is to look at them.
    public static final Map<String, Keeping> KEEPING =
            Map.of(LOG, Keeping.ALL, GAUGE, Keeping.LAST);

    /// Times of one key in GAUGE; each is overwritten for ever.
    static final int SLOTS = 3;

    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private Tables() {}

    /// The statements that make them.
    ///
    /// @param followers of each region
    public static List<String> ddl(int followers) {
        var followed = ", followers = " + followers;
        return List.of(
                create(LOG, "append_mode = 'true'" + followed),
                create(GAUGE, "append_mode = 'false'" + followed));
    }

    private static String create(String table, String option) {
        return """
        CREATE TABLE %s (host STRING, ts TIMESTAMP(3) TIME INDEX, serial BIGINT,
        digest BIGINT, PRIMARY KEY (host))
        PARTITION ON COLUMNS (host) (host < 'm', host >= 'm') WITH (%s)\
        """
                .formatted(table, option);
    }

    /// A writer's own keys, one in each region: nobody else writes them.
    static List<String> hosts(int session) {
        return List.of("a-" + session, "z-" + session);
    }

    static Row row(String table, String host, long serial) {
        return new Row(table, table.equals(LOG) ? host : host + "|" + slot(serial), serial);
    }

    private static long slot(long serial) {
        return serial % SLOTS;
    }

    private static String host(Row row) {
        return row.key().split("\\|", -1)[0];
    }

    private static long millis(String table, long serial) {
        return EPOCH_MILLIS + (table.equals(LOG) ? serial : slot(serial));
    }

    /// Lets a reader tell a row that was mangled from one that was written.
    private static long digest(String host, long serial) {
        return (serial * 0x9E3779B97F4A7C15L + host.hashCode()) >>> 12;
    }

    static String insert(List<Row> rows) {
        var values =
                rows.stream()
                        .map(row ->
                                "('%s', %d, %d, %d)"
                                        .formatted(
                                                host(row),
                                                millis(row.table(), row.serial()),
                                                row.serial(),
                                                digest(host(row), row.serial())))
                        .collect(Collectors.joining(", "));
        var table = rows.getFirst().table();
        return "INSERT INTO " + table + " (host, ts, serial, digest) VALUES " + values;
    }

    /// In line protocol, in milliseconds.
    static String lines(List<Row> rows) {
        return rows.stream()
                .map(row ->
                        "%s,host=%s serial=%di,digest=%di %d"
                                .formatted(
                                        row.table(),
                                        host(row),
                                        row.serial(),
                                        digest(host(row), row.serial()),
                                        millis(row.table(), row.serial())))
                .collect(Collectors.joining("\n"));
    }

    /// What [#parse] reads.
    static String select(String table) {
        return "SELECT host, epoch_ms(ts) AS ms, serial, digest FROM " + table;
    }

    /// A row that does not fit together gets a key that nobody writes.
    static List<Row> parse(String table, JsonNode answer) {
        var rows = answer.path("output").path(0).path("records").path("rows");
        var parsed = new ArrayList<Row>();
        for (var cells : rows) {
            // A history of ten minutes has millions of rows, and few hosts.
            var host = cells.path(0).asString().intern();
            long serial = cells.path(2).asLong();
            boolean whole =
                    cells.path(1).asLong() == millis(table, serial)
                            && cells.path(3).asLong() == digest(host, serial);
            parsed.add(whole ? row(table, host, serial) : new Row(table, "mangled " + cells, 0));
        }
        return parsed;
    }
}
