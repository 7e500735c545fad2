package terrane.metasrv.raft;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.EntryCodec;
import terrane.core.time.Clock;
import terrane.core.time.Threads;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/// Has changes that come at the same time share an entry of the log: one is on its way, and what
/// comes meanwhile goes with the next. A change never joins an entry that was sent before it came,
/// so that a round over a quorum begins after it was asked for; and it is sent in the leadership in
/// which it came, or not at all: whoever leads next begins with a catalog that nobody before
/// changes.
///
/// Where the leader of 64 regions dies, 64 procedures begin at once: an entry for each took 2 ms of
/// three members' time, and had whoever watches the catalog look 64 times.
final class Commits implements AutoCloseable {
    /// All procedures of a large cluster, at a few hundred bytes each; more wait at the door.
    static final int WAITING_MAX = 4_096;

    /// What an entry holds at most, if it holds more than one: as much as the largest change.
    static final int ENTRY_BYTES_MAX = 512 << 10;

    private static final System.Logger LOG = System.getLogger(Commits.class.getName());

    private final Log log;
    private final Clock clock;
    private final Duration atMost;
    private final ArrayBlockingQueue<Waiting> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;
    private volatile boolean closed;

    /// Where entries go.
    @FunctionalInterface
    interface Log {
        /// Blocks until the entry is applied.
        ///
        /// @param term of the leadership in which its changes came
        /// @return what became of each change of the entry
        /// @throws TerraneException.NotLeader if nothing was changed
        /// @throws TerraneException.Uncertain if it may be applied, now or later
        List<Applied> append(long term, byte[] entry) throws InterruptedException;
    }

    private record Waiting(long term, byte[] change, CompletableFuture<Applied> outcome) {
        boolean goesWith(Waiting other, long bytes) {
            return term == other.term
                    && bytes + change.length + EntryCodec.OVERHEAD_BYTES <= ENTRY_BYTES_MAX;
        }
    }

    /// @param atMost what takes longer has an unknown outcome
    Commits(Log log, Clock clock, Duration atMost) {
        this.log = log;
        this.clock = clock;
        this.atMost = atMost;
        this.thread = Threads.virtual("catalog-commits", this::run);
    }

    /// Blocks until the change is applied.
    ///
    /// @param term of the leadership that there is
    /// @param change encoded
    /// @throws TerraneException as [Log#append]
    Applied commit(long term, byte[] change) throws InterruptedException {
        var mine = new Waiting(term, change, new CompletableFuture<>());
        waiting.put(mine);
        if (closed) {
            abandon();
        }
        try {
            return clock.get(mine.outcome, atMost);
        } catch (TimeoutException e) {
            throw unknown(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TerraneException.NotLeader refused) {
                throw refused;
            }
            throw unknown(e);
        }
    }

    /// How many changes wait for the next entry.
    int waiting() {
        return waiting.size();
    }

    static TerraneException.Uncertain unknown(Exception cause) {
        return new TerraneException.Uncertain(
                ErrorCode.OUTCOME_UNKNOWN, "it is not known whether the change is kept", cause);
    }

    private void run() {
        try {
            while (true) {
                append(gathered(waiting.take()));
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "commits end");
        } finally {
            closed = true;
            abandon();
        }
    }

    /// What goes with `first`. Only this thread takes from the queue while it runs.
    private List<Waiting> gathered(Waiting first) {
        var together = new ArrayList<Waiting>();
        var next = first;
        long bytes = 0;
        while (true) {
            together.add(next);
            bytes += next.change.length + EntryCodec.OVERHEAD_BYTES;
            next = waiting.peek();
            if (next == null || !next.goesWith(first, bytes)) {
                return together;
            }
            waiting.remove();
        }
    }

    private void append(List<Waiting> together) throws InterruptedException {
        Exception failure = new IllegalStateException("the entry was broken off");
        try {
            var entry = EntryCodec.encode(together.stream().map(Waiting::change).toList());
            var applied = log.append(together.getFirst().term, entry);
            for (int i = 0; i < together.size(); i++) {
                together.get(i).outcome.complete(applied.get(i));
            }
        } catch (InterruptedException e) {
            failure = e;
            throw e;
        } catch (RuntimeException e) {
            failure = e; // theirs to handle; this thread goes on
        } finally {
            fail(together, failure); // those that know it already do not listen
        }
    }

    private static void fail(List<Waiting> together, Exception cause) {
        together.forEach(each -> each.outcome.completeExceptionally(cause));
    }

    /// Nobody will append them any more.
    private void abandon() {
        var left = new ArrayList<Waiting>();
        waiting.drainTo(left);
        fail(left, new InterruptedException("shutting down"));
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
