package terrane.metasrv.raft;

import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.EntryCodec;
import terrane.core.time.Clock;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Applies the log's entries to a [Catalog], and stores and loads snapshots of it.
final class CatalogMachine extends BaseStateMachine {
    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Clock clock;
    private final Runnable leadershipMayHaveChanged;
    private final CompletableFuture<Throwable> logFailure = new CompletableFuture<>();
    private Catalog catalog = new Catalog();

    /// @param leadershipMayHaveChanged returns at once
    CatalogMachine(Clock clock, Runnable leadershipMayHaveChanged) {
        this.clock = clock;
        this.leadershipMayHaveChanged = leadershipMayHaveChanged;
    }

    /// What became of the changes of an entry, handed to the thread that submitted it on the same
    /// member; it never travels.
    static final class Result implements Message {
        private final List<Applied> applied;

        Result(List<Applied> applied) {
            this.applied = List.copyOf(applied);
        }

        List<Applied> applied() {
            return applied;
        }

        @Override
        public ByteString getContent() {
            return ByteString.EMPTY;
        }
    }

    <T> T read(Function<Catalog, T> question) {
        lock.lock();
        try {
            return question.apply(catalog);
        } finally {
            lock.unlock();
        }
    }

    boolean awaitChange(long version, Duration atMost) throws InterruptedException {
        long deadline = clock.nanosAfter(atMost);
        lock.lock();
        try {
            while (catalog.version() <= version && !clock.passed(deadline)) {
                clock.await(changed, clock.until(deadline));
            }
            return catalog.version() > version;
        } finally {
            lock.unlock();
        }
    }

    /// Blocks until the log could not be written: Ratis closes it then, for as long as this process
    /// lives.
    Throwable awaitLogFailure() throws InterruptedException {
        try {
            return logFailure.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("completed with a cause, never by one", e);
        }
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
            throws IOException {
        super.initialize(server, group, raftStorage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            storage.init(raftStorage);
                            load(storage.getLatestSnapshot());
                        },
                        IOException.class);
    }

    /// Ratis pauses the machine before it puts the leader's snapshot in its place, and refuses to
    /// go on with one that is not paused: a follower too far behind would never catch up.
    @Override
    public void pause() {
        getLifeCycle().transitionIfValid(LifeCycle.State.PAUSING);
        getLifeCycle().transitionIfValid(LifeCycle.State.PAUSED);
    }

    /// A snapshot of the leader's has been installed.
    @Override
    public void reinitialize() throws IOException {
        getLifeCycle()
                .startAndTransition(() -> load(storage.loadLatestSnapshot()), IOException.class);
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    private void load(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
        if (snapshot == null) {
            return;
        }
        var file = snapshot.getFile().getPath();
        var loaded = CatalogSnapshot.decode(Files.readAllBytes(file));
        lock.lock();
        try {
            catalog = loaded;
            setLastAppliedTermIndex(
                    SimpleStateMachineStorage.getTermIndexFromSnapshotFile(file.toFile()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long takeSnapshot() throws IOException {
        byte[] bytes;
        TermIndex at;
        lock.lock();
        try {
            bytes = CatalogSnapshot.encode(catalog);
            at = getLastAppliedTermIndex();
        } finally {
            lock.unlock();
        }
        var file = storage.getSnapshotFile(at.getTerm(), at.getIndex());
        var digest = write(file, bytes);
        storage.updateLatestSnapshot(
                new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), at));
        return at.getIndex();
    }

    /// The snapshot and its checksum appear whole and on disk, or not at all: a start takes the
    /// latest there is.
    private static MD5Hash write(File file, byte[] bytes) throws IOException {
        var out = new AtomicFileOutputStream(file);
        try {
            out.write(bytes);
        } catch (IOException e) {
            out.abort(); // closing it would put what was written so far in the snapshot's place
            throw e;
        }
        out.close();
        try {
            return MD5FileUtil.computeAndSaveMd5ForFile(file);
        } catch (IllegalStateException e) { // as Ratis says that it could not
            Files.deleteIfExists(file.toPath());
            Files.deleteIfExists(Path.of(file + MD5FileUtil.MD5_SUFFIX));
            throw new IOException("no checksum for a snapshot: " + file, e);
        }
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        var entry = transaction.getLogEntry();
        return CompletableFuture.completedFuture(new Result(apply(entry)));
    }

    private List<Applied> apply(LogEntryProto entry) {
        var bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
        var changes = EntryCodec.decode(bytes);
        lock.lock();
        try {
            long before = catalog.version();
            var applied = changes.stream().map(catalog::apply).toList();
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            if (catalog.version() != before) {
                changed.signalAll();
            }
            return applied;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
        logFailure.complete(cause);
    }

    @Override
    public void notifyLeaderReady() {
        leadershipMayHaveChanged.run();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        leadershipMayHaveChanged.run();
    }
}
