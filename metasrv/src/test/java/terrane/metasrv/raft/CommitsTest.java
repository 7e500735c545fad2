package terrane.metasrv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.WalOffset;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Change;
import terrane.core.catalog.ChangeCodec;
import terrane.core.catalog.EntryCodec;
import terrane.core.time.SystemClock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/// Which changes share an entry, and what each of them hears of it. The log is this test's.
class CommitsTest {
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final long TERM = 7;

    /// Of the entries that arrived at the log, how many changes each has.
    private final LinkedBlockingQueue<Integer> arrived = new LinkedBlockingQueue<>();

    /// One for each entry that may be applied.
    private final Semaphore permits = new Semaphore(0);

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final Commits commits = new Commits(this::append, new SystemClock(), AT_MOST);

    @AfterEach
    void close() {
        commits.close();
        clients.shutdownNow();
    }

    /// Says of each change how long its lease is.
    private List<Applied> append(long term, byte[] entry) throws InterruptedException {
        var changes = EntryCodec.decode(entry);
        arrived.add(changes.size());
        if (term != TERM) {
            throw leadsNoMore();
        }
        permits.acquire();
        return changes.stream().map(CommitsTest::applied).toList();
    }

    private static Applied applied(Change change) {
        if (change instanceof Change.RaiseLongestLease lease) {
            return new Applied.Done(lease.lease().toSeconds());
        }
        if (change instanceof Change.Noop) {
            throw leadsNoMore();
        }
        return new Applied.Done(0);
    }

    private static TerraneException.NotLeader leadsNoMore() {
        return new TerraneException.NotLeader(
                ErrorCode.NO_METASRV_LEADER, "leads no more", null, null);
    }

    private Future<Applied> commit(Change change) {
        return commit(TERM, change);
    }

    private Future<Applied> commit(long term, Change change) {
        return clients.submit(() -> commits.commit(term, ChangeCodec.encode(change)));
    }

    private Future<Applied> commit(long seconds) {
        return commit(new Change.RaiseLongestLease(Duration.ofSeconds(seconds)));
    }

    /// An entry is on its way, and so many changes wait.
    private List<Future<Applied>> waiting(int count) throws Exception {
        var first = commit(1_000);
        assertThat(arrived.take()).isEqualTo(1);
        var waiting = new ArrayList<Future<Applied>>(List.of(first));
        IntStream.range(0, count).forEach(i -> waiting.add(commit(i)));
        await().until(() -> commits.waiting() == count);
        return waiting;
    }

    @Test
    void changesThatComeMeanwhileShareTheNextEntry() throws Exception {
        var outcomes = waiting(64);
        permits.release(2);
        assertThat(outcomes.getFirst().get()).isEqualTo(new Applied.Done(1_000));
        for (int i = 0; i < 64; i++) {
            assertThat(outcomes.get(i + 1).get()).isEqualTo(new Applied.Done(i));
        }
        assertThat(arrived).containsExactly(64);
    }

    @Test
    void changeJoinsNoEntryThatWasSentBefore() throws Exception {
        var outcomes = waiting(1);
        permits.release();
        outcomes.getFirst().get();
        assertThat(arrived.take()).isEqualTo(1);
        assertThat(outcomes.getLast().isDone()).isFalse();
        permits.release();
        assertThat(outcomes.getLast().get()).isEqualTo(new Applied.Done(0));
    }

    private static List<Change.FlushedTo> flushed(int regions) {
        return IntStream.range(0, regions)
                .mapToObj(i -> new Change.FlushedTo(new RegionId(i), new WalOffset(i)))
                .toList();
    }

    @Test
    void entryIsNoLargerThanTheLogTakes() throws Exception {
        var outcomes = new ArrayList<>(waiting(0));
        int bytes = ChangeCodec.encode(new Change.CommitFlushed(flushed(1_000))).length / 1_000;
        var large = new Change.CommitFlushed(flushed(Commits.ENTRY_BYTES_MAX * 2 / 5 / bytes));
        for (int i = 0; i < 3; i++) {
            outcomes.add(commit(large)); // two fit
        }
        await().until(() -> commits.waiting() == 3);
        permits.release(3);
        for (var each : outcomes) {
            each.get();
        }
        assertThat(arrived).containsExactly(2, 1);
    }

    @Test
    void refusalIsToldToEachOfThem() throws Exception {
        var outcomes = waiting(0);
        var refused = List.of(commit(new Change.Noop()), commit(new Change.Noop()));
        await().until(() -> commits.waiting() == 2);
        permits.release(2);
        outcomes.getFirst().get();
        for (var each : refused) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(TerraneException.NotLeader.class);
        }
    }

    @Test
    void changesOfALeadershipThatIsOverAreNotSentWithThoseOfTheNext() throws Exception {
        var outcomes = waiting(0);
        var late = commit(TERM - 1, new Change.RaiseLongestLease(Duration.ofSeconds(1)));
        await().until(() -> commits.waiting() == 1);
        outcomes.add(commit(2));
        await().until(() -> commits.waiting() == 2);
        permits.release(2);
        assertThatThrownBy(late::get).hasCauseInstanceOf(TerraneException.NotLeader.class);
        assertThat(outcomes.getLast().get()).isEqualTo(new Applied.Done(2));
        assertThat(arrived).containsExactly(1, 1);
    }

    @Test
    void outcomesOfWhatIsLeftAtTheEndAreUnknown() throws Exception {
        var outcomes = waiting(2);
        commits.close();
        for (var each : outcomes) {
            assertThatThrownBy(each::get).hasCauseInstanceOf(TerraneException.Uncertain.class);
        }
        assertThatThrownBy(() -> commit(3).get())
                .hasCauseInstanceOf(TerraneException.Uncertain.class);
    }
}
