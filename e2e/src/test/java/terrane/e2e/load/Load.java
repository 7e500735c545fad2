package terrane.e2e.load;

import org.jspecify.annotations.Nullable;

import terrane.e2e.cluster.TestCluster;
import terrane.sim.history.Checker;
import terrane.sim.history.History;
import terrane.sim.history.Row;
import terrane.sim.history.Scope;
import terrane.sim.history.Verdict;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;

/// Eight writers and two readers over the four regions of [Tables], from [#start] to [#finish].
public final class Load implements AutoCloseable {
    private static final int WRITERS = 8;
    private static final int READERS = 2;

    /// Rows for each of a writer's two keys in one request.
    private static final int ROWS = 3;

    /// A writer looks at what it wrote after so many writes.
    private static final int WRITES_PER_READ = 16;

    /// How far back readers look: what was written in a few seconds.
    private static final long SERIALS_BACK = 200;

    /// Between two requests of one client, so that two cores suffice for the cluster too.
    private static final Duration PACE = Duration.ofMillis(15);

    private final TestCluster cluster;
    private final String run;
    private final History history = new History();
    private final Pauses pauses = new Pauses();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicLongArray serials = new AtomicLongArray(WRITERS);
    private volatile boolean stopping;

    private Load(TestCluster cluster, String run) {
        this.cluster = cluster;
        this.run = run;
    }

    /// Makes the tables and starts the clients.
    ///
    /// @param run tells this load's keys from those of others
    public static Load start(TestCluster cluster, String run)
            throws IOException, InterruptedException {
        for (var statement : Tables.ddl()) {
            cluster.sql(statement);
        }
        var load = new Load(cluster, run);
        for (int i = 0; i < WRITERS; i++) {
            int id = i;
            load.running.add(load.clients.submit(() -> load.writeOn(id)));
        }
        for (int i = WRITERS; i < WRITERS + READERS; i++) {
            int id = i;
            load.running.add(load.clients.submit(() -> load.readOn(id)));
        }
        return load;
    }

    public History history() {
        return history;
    }

    private Session session(int id) {
        return new Session(id, run, cluster.frontendHttp(), cluster.calls(), history, pauses);
    }

    private @Nullable Void writeOn(int id) throws InterruptedException {
        var session = session(id);
        for (int round = 0; !stopping; round++) {
            var table = round % 2 == 0 ? Tables.LOG : Tables.GAUGE;
            boolean asLines = (round + id) % 4 < 2;
            session.write(fresh(table, id), asLines);
            if (round % WRITES_PER_READ == WRITES_PER_READ - 1) {
                session.read(recent(Tables.LOG, id));
                session.read(recent(Tables.GAUGE, id));
            }
            pauses.sleep(PACE);
        }
        return null;
    }

    private List<Row> fresh(String table, int writer) {
        var rows = new ArrayList<Row>();
        long first = serials.get(writer) + 1;
        for (long serial = first; serial < first + ROWS; serial++) {
            for (var host : Tables.hosts(writer)) {
                rows.add(Tables.row(table, host, serial));
            }
        }
        serials.set(writer, first + ROWS - 1);
        return rows;
    }

    private @Nullable Void readOn(int id) throws InterruptedException {
        var session = session(id);
        for (int round = 0; !stopping; round++) {
            int writer = (round / 2 + id) % WRITERS;
            session.read(recent(round % 2 == 0 ? Tables.LOG : Tables.GAUGE, writer));
            pauses.sleep(PACE);
        }
        return null;
    }

    /// What one writer has written lately.
    private Scope recent(String table, int writer) {
        Set<String> keys = new TreeSet<>();
        for (var host : Tables.hosts(writer)) {
            for (int slot = 0; slot < Tables.SLOTS; slot++) {
                keys.add(Tables.row(table, host, slot).key());
            }
        }
        boolean tail = table.equals(Tables.LOG);
        long min = tail ? Math.max(0, serials.get(writer) - SERIALS_BACK) : Long.MIN_VALUE;
        return new Scope(table, keys, min);
    }

    /// Stops the clients, looks at everything once more, and lets the checker judge.
    public Verdict finish() throws InterruptedException, ExecutionException {
        stopping = true;
        for (var client : running) {
            client.get();
        }
        var last = session(WRITERS + READERS);
        for (var table : Tables.KEEPING.keySet()) {
            last.read(Scope.everything(table));
        }
        return Checker.check(history, Tables.KEEPING);
    }

    @Override
    public void close() {
        stopping = true;
        clients.shutdownNow();
    }
}
