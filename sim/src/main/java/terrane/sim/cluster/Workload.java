package terrane.sim.cluster;

import terrane.core.RegionId;
import terrane.core.catalog.Table;
import terrane.core.catalog.TableName;
import terrane.core.rows.ColumnValues;
import terrane.sim.history.Checker;
import terrane.sim.history.History;
import terrane.sim.history.Keeping;
import terrane.sim.history.Row;
import terrane.sim.history.Verdict;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Clients that write and read for as long as they are wanted.
public final class Workload {
    private static final int WRITERS = 4;

    /// From here on the clients that write to one region each.
    private static final int APART = 20;

    private static final int READERS = 1;
    private static final int WRITES_PER_READ = 5;
    private static final int REMADE_WRITES = 3;
    private static final Duration PACE_MAX = Duration.ofMillis(250);

    private final SimCluster cluster;
    private final Clients clients;
    private final History history = new History();
    private final long[] serials = new long[WRITERS];
    private boolean tablesMade;
    private boolean stopping;
    private int running;
    private boolean readAtTheEnd;
    private boolean onlyTheEnd;
    private boolean remaking;
    private boolean apart;
    private long tablesRemade;
    private long remadeSeen;

    public Workload(SimCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster);
    }

    /// One thing that a client does over and over.
    private interface Round {
        void run(Session session, int number) throws InterruptedException;
    }

    /// Has one client more, for whom a table comes and goes; before [#start].
    public void remake() {
        remaking = true;
    }

    /// Has one client more for each region, who writes to that one only and so waits for no other;
    /// before [#start].
    public void writeApart() {
        apart = true;
    }

    /// Has reads judged by what is seen at the very end, and not by what was seen before.
    public void judgeTheEnd() {
        onlyTheEnd = true;
    }

    /// Makes the tables and starts the clients.
    public void start() {
        clients.process()
                .spawn(
                        "ddl",
                        () -> {
                            try {
                                session(0).makeTables();
                                tablesMade = true;
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            begin();
                        });
    }

    private void begin() {
        for (int i = 0; i < WRITERS; i++) {
            int id = i;
            repeat(id, (session, number) -> writeOnce(session, id, number));
        }
        for (int i = WRITERS; i < WRITERS + READERS; i++) {
            repeat(
                    i,
                    (session, number) -> session.read(number % 2 == 0 ? Tables.LOG : Tables.GAUGE));
        }
        if (remaking) {
            repeat(WRITERS + READERS + 1, this::remake);
        }
        if (apart) {
            beginApart();
        }
    }

    private void beginApart() {
        int id = APART;
        for (var table : List.of(Tables.LOG, Tables.GAUGE)) {
            for (var host : Tables.hosts(id)) {
                repeat(
                        id++,
                        (session, number) ->
                                session.write(table, List.of(Tables.row(table, host, number))));
            }
        }
    }

    /// Makes a table, writes, changes it, writes, looks at all of it, and drops it. The next one
    /// has the same name, and nothing of this one.
    private void remake(Session session, int number) throws InterruptedException {
        if (!remaking) {
            return;
        }
        var table = Tables.remade(number);
        session.insist(parts -> parts.changer().create(Tables.remade()));
        writeRemade(session, table, 0);
        session.insist(parts -> parts.changer().addColumns(Tables.oneMoreColumn()));
        writeRemade(session, table, REMADE_WRITES);
        do {
            session.pause(PACE_MAX);
        } while (!session.read(table));
        session.insist(parts -> parts.changer().drop(Tables.dropRemade()));
        tablesRemade++;
    }

    private static void writeRemade(Session session, String table, int from)
            throws InterruptedException {
        for (int i = from; i < from + REMADE_WRITES; i++) {
            int serial = i;
            var rows = Tables.hosts(0).stream().map(h -> Tables.row(table, h, serial)).toList();
            session.write(table, rows);
        }
    }

    /// Whether a table has come and gone since this was asked last.
    boolean remade() {
        boolean more = tablesRemade > remadeSeen;
        remadeSeen = tablesRemade;
        return more;
    }

    /// The table that is there is dropped, and no other made.
    public void remakeNoMore() {
        remaking = false;
    }

    private Session session(int id) {
        return new Session(id, cluster, clients, history);
    }

    private void repeat(int id, Round round) {
        running++;
        clients.process()
                .spawn(
                        "client-" + id,
                        () -> {
                            try {
                                var session = session(id);
                                for (int number = 0; !stopping; number++) {
                                    round.run(session, number);
                                    var chance = cluster.world().chance();
                                    session.pause(chance.between(Duration.ZERO, PACE_MAX));
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            } finally {
                                running--;
                            }
                        });
    }

    private void writeOnce(Session session, int writer, int number) throws InterruptedException {
        var table = number % 2 == 0 ? Tables.LOG : Tables.GAUGE;
        session.write(table, fresh(table, writer));
        if (number % WRITES_PER_READ == WRITES_PER_READ - 1) {
            session.read(number % 4 < 2 ? Tables.LOG : Tables.GAUGE);
        }
    }

    private List<Row> fresh(String table, int writer) {
        long serial = ++serials[writer];
        var rows = new ArrayList<Row>();
        for (var host : Tables.hosts(writer)) {
            rows.add(Tables.row(table, host, serial));
        }
        return rows;
    }

    public boolean tablesMade() {
        return tablesMade;
    }

    public void stop() {
        stopping = true;
    }

    /// Whether every client has ended.
    public boolean ended() {
        return running == 0;
    }

    /// Looks at everything once more; [#looked] says when.
    public void lookAtAll() {
        clients.process()
                .spawn(
                        "last-look",
                        () -> {
                            try {
                                var last = session(WRITERS + READERS);
                                for (var table : Tables.KEEPING.keySet()) {
                                    while (!last.read(table)) {
                                        last.pause(Duration.ofMillis(50));
                                    }
                                }
                                readAtTheEnd = true;
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    public boolean looked() {
        return readAtTheEnd;
    }

    public Verdict verdict() {
        var judged =
                onlyTheEnd ? history.withReads(history.lastReads(keeping().keySet())) : history;
        return Checker.check(judged, keeping());
    }

    private Map<String, Keeping> keeping() {
        var all = new TreeMap<>(Tables.KEEPING);
        for (long i = 0; i <= tablesRemade; i++) {
            all.put(Tables.remade(i), Keeping.ALL);
        }
        return all;
    }

    /// What the log holds by the replay rule, row for row, as text to compare.
    public SortedMap<String, SortedSet<String>> logged() {
        var rows = new TreeMap<String, SortedSet<String>>();
        for (var name : Tables.KEEPING.keySet()) {
            var table =
                    cluster.catalog(c -> c.table(TableName.of(name)))
                            .flatMap(found -> found)
                            .orElseThrow()
                            .table();
            rows.put(name, logged(table));
        }
        return rows;
    }

    private SortedSet<String> logged(Table table) {
        var name = table.name().table();
        var latest = new TreeMap<String, Row>();
        for (RegionId region : table.regions()) {
            for (var batch : cluster.observer().batches(region)) {
                var hosts = (ColumnValues.Bytes) batch.column(1).orElseThrow();
                var serials = (ColumnValues.Longs) batch.column(3).orElseThrow();
                for (int i = 0; i < batch.rowCount(); i++) {
                    var host =
                            new String(
                                    hosts.dictionary()[hosts.codes()[i]], StandardCharsets.UTF_8);
                    var row = Tables.row(name, host, serials.values()[i]);
                    var key = name.equals(Tables.LOG) ? row.toString() : row.key();
                    latest.put(key, row);
                }
            }
        }
        var texts = new TreeSet<String>();
        latest.values().forEach(row -> texts.add(row.toString()));
        return texts;
    }

    /// What the last look saw.
    public SortedMap<String, SortedSet<String>> lastSeen() {
        var rows = new TreeMap<String, SortedSet<String>>();
        for (var read : history.lastReads(Tables.KEEPING.keySet())) {
            var texts = new TreeSet<String>();
            read.rows().forEach(row -> texts.add(row.toString()));
            rows.put(read.scope().table(), texts);
        }
        return rows;
    }
}
