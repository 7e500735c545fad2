package terrane.e2e.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.jspecify.annotations.Nullable;

import terrane.e2e.cluster.TestCluster;
import terrane.sim.history.Allowance;
import terrane.sim.history.Checker;
import terrane.sim.history.ClientError.Kind;
import terrane.sim.history.History;
import terrane.sim.history.Row;
import terrane.sim.history.Scope;
import terrane.sim.history.Span;
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
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

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

    /// After a role serves again clients may still be told of what it missed.
    private static final Duration AFTER = Duration.ofSeconds(10);

    private static final Duration PROGRESS_MAX = Duration.ofSeconds(60);

    private final TestCluster cluster;
    private final String run;
    private final boolean reading;
    private final History history = new History();
    private final Pauses pauses = new Pauses();
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicLongArray serials = new AtomicLongArray(WRITERS);
    private final AtomicLongArray acknowledged = new AtomicLongArray(WRITERS);

    /// Clients take turns together; whoever looks at a history that stands still, alone.
    private final ReentrantReadWriteLock turns = new ReentrantReadWriteLock(true);

    private volatile boolean stopping;

    private Load(TestCluster cluster, String run, boolean reading) {
        this.cluster = cluster;
        this.run = run;
        this.reading = reading;
    }

    /// Makes the tables and starts the clients.
    ///
    /// @param run tells this load's keys from those of others
    public static Load start(TestCluster cluster, String run)
            throws IOException, InterruptedException {
        return start(cluster, run, 0);
    }

    /// The same, with so many followers of each region.
    public static Load start(TestCluster cluster, String run, int followers)
            throws IOException, InterruptedException {
        return new Load(cluster, run, true).begun(followers);
    }

    /// The same, but nobody reads before [#finish]: so that what a write takes is its own.
    public static Load startWriting(TestCluster cluster, String run)
            throws IOException, InterruptedException {
        return new Load(cluster, run, false).begun(0);
    }

    private Load begun(int followers) throws IOException, InterruptedException {
        for (var statement : Tables.ddl(followers)) {
            cluster.sql(statement);
        }
        for (int i = 0; i < WRITERS; i++) {
            int id = i;
            running.add(clients.submit(() -> writeOn(id)));
        }
        for (int i = WRITERS; reading && i < WRITERS + READERS; i++) {
            int id = i;
            running.add(clients.submit(() -> readOn(id)));
        }
        return this;
    }

    public History history() {
        return history;
    }

    /// Clients may notice what began then, and ended only just now.
    ///
    /// @param beganNanos on the clock of `System.nanoTime`
    public void allowOutage(long beganNanos) {
        long until = System.nanoTime() + AFTER.toNanos();
        history.allow(
                new Allowance(
                        new Span(beganNanos, until),
                        Set.of(Kind.CONNECTION, Kind.UNAVAILABLE, Kind.UNKNOWN)));
    }

    /// Waits until every writer has been acknowledged once more, so that one fault is over before
    /// another begins.
    public void awaitProgress() {
        var before = acknowledged();
        await("every writer goes on")
                .atMost(PROGRESS_MAX)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> allAbove(acknowledged(), before));
    }

    private static boolean allAbove(long[] now, long[] before) {
        return IntStream.range(0, now.length).allMatch(i -> now[i] > before[i]);
    }

    private long[] acknowledged() {
        return IntStream.range(0, WRITERS).mapToLong(acknowledged::get).toArray();
    }

    private Session session(int id) {
        return new Session(id, run, cluster.frontendHttp(), cluster.calls(), history, pauses);
    }

    private @Nullable Void writeOn(int id) throws InterruptedException {
        var session = session(id);
        for (int round = 0; !stopping; round++) {
            turns.readLock().lockInterruptibly();
            try {
                writeOnce(session, id, round);
            } finally {
                turns.readLock().unlock();
            }
            pauses.sleep(PACE);
        }
        return null;
    }

    private void writeOnce(Session session, int id, int round) throws InterruptedException {
        var table = round % 2 == 0 ? Tables.LOG : Tables.GAUGE;
        boolean asLines = (round + id) % 4 < 2;
        if (session.write(fresh(table, id), asLines)) {
            acknowledged.incrementAndGet(id);
        }
        if (reading && round % WRITES_PER_READ == WRITES_PER_READ - 1) {
            session.read(recent(Tables.LOG, id));
            session.read(recent(Tables.GAUGE, id));
        }
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
            turns.readLock().lockInterruptibly();
            try {
                session.read(recent(round % 2 == 0 ? Tables.LOG : Tables.GAUGE, writer));
            } finally {
                turns.readLock().unlock();
            }
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
        return lookAndJudge();
    }

    private Verdict lookAndJudge() throws InterruptedException {
        var last = session(WRITERS + READERS);
        for (var table : Tables.KEEPING.keySet()) {
            last.read(Scope.everything(table));
        }
        return Checker.check(history, Tables.KEEPING);
    }

    /// Lets every client finish what it does, looks at everything, and lets the checker judge; then
    /// the clients go on.
    public Verdict soFar() throws InterruptedException {
        turns.writeLock().lockInterruptibly();
        try {
            return lookAndJudge();
        } finally {
            turns.writeLock().unlock();
        }
    }

    /// [#finish], which must find nothing wrong.
    public Verdict finishClean() throws InterruptedException, ExecutionException {
        var verdict = finish();
        assertThat(verdict.violations()).as("%s", verdict).isEmpty();
        assertThat(verdict.acknowledgedRows()).as("there was a load").isGreaterThan(1_000);
        return verdict;
    }

    @Override
    public void close() {
        stopping = true;
        clients.shutdownNow();
    }
}
