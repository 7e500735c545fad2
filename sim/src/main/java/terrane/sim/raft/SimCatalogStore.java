package terrane.sim.raft;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.ChangeCodec;
import terrane.metasrv.raft.CatalogStore;
import terrane.sim.world.Cell;
import terrane.sim.world.SimProcess;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// One member's replica, in one of its runs. Its log is durable, its catalog is built anew by each
/// run, through the bytes of a snapshot half-way.
public final class SimCatalogStore implements CatalogStore {
    private static final Duration COMMIT_MAX = Duration.ofSeconds(10);

    /// A deposed leader that nobody tells steps down after this at the latest: nothing that is safe
    /// may rest on its being soon.
    private static final long BELIEF_MAX_NANOS = Duration.ofSeconds(4).toNanos();

    private final SimRaft raft;
    private final SimProcess process;
    private final List<Member> members;
    private final Runnable leadershipMayHaveChanged;
    private final List<Cell> waiters = new ArrayList<>();
    private Catalog catalog = new Catalog();
    private int applied;
    private int readyAt = Integer.MAX_VALUE;
    private long believedTerm;
    private long confirmedNanos;
    private boolean closed;
    private final long beliefNanos;

    public SimCatalogStore(
            SimRaft raft,
            SimProcess process,
            List<Member> members,
            Runnable leadershipMayHaveChanged) {
        this.raft = raft;
        this.process = process;
        this.beliefNanos = raft.world().chance().between(0, BELIEF_MAX_NANOS);
        this.members = List.copyOf(members);
        this.leadershipMayHaveChanged = leadershipMayHaveChanged;
        load();
        raft.joined(this);
        process.onDeath(() -> raft.left(this));
    }

    /// Half of the log by a snapshot, as after a restart.
    private void load() {
        int half = raft.log().size() / 2;
        for (int i = 0; i < half; i++) {
            catalog.apply(ChangeCodec.decode(raft.log().get(i)));
        }
        var snapshot = new ByteWriter();
        catalog.encode(snapshot);
        catalog = Catalog.decode(new ByteReader(snapshot.toBytes()));
        applied = half;
        applyLater();
    }

    public String host() {
        return process.host();
    }

    boolean runs() {
        return process.runs() && !closed;
    }

    /// Who runs it.
    public SimProcess process() {
        return process;
    }

    /// A follower learns of an entry a little later.
    void applyLater() {
        if (raft.leader() == this) {
            return; // who commits an entry applies it
        }
        raft.world().after(raft.network().delayNanos() * 2, this::catchUp);
    }

    private void catchUp() {
        var leader = raft.leader();
        boolean heard =
                leader == null || leader == this || raft.network().reaches(leader.host(), host());
        if (process.isDead() || process.isPaused() || closed || !heard) {
            return; // [#look] tries again
        }
        while (applied < raft.log().size()) {
            applyNext();
        }
        if (applied >= readyAt) {
            leadershipMayHaveChanged.run();
        }
    }

    private Applied applyNext() {
        long before = catalog.version();
        var result = catalog.apply(ChangeCodec.decode(raft.log().get(applied++)));
        if (catalog.version() != before) {
            var woken = List.copyOf(waiters);
            waiters.clear();
            woken.forEach(Cell::wake);
        }
        return result;
    }

    /// This member is the leader of `term`, and ready when it has applied what lies before it.
    void elected(long term, int logSize) {
        believedTerm = term;
        confirmedNanos = raft.world().nowNanos();
        readyAt = logSize;
        raft.world().after(raft.network().delayNanos() * 2, this::catchUp);
    }

    void look() {
        if (!process.runs()) {
            return;
        }
        if (applied < raft.log().size()) {
            applyLater();
        }
        long now = raft.world().nowNanos();
        if (raft.leads(this)) {
            confirmedNanos = now;
            if (applied < raft.log().size()) {
                catchUp();
            }
        } else if (believedTerm > 0 && now - confirmedNanos > beliefNanos) {
            stepDown();
        }
    }

    private void stepDown() {
        believedTerm = 0;
        readyAt = Integer.MAX_VALUE;
        leadershipMayHaveChanged.run();
    }

    @Override
    public Applied commit(Change change) throws InterruptedException {
        if (leadingTerm().isEmpty()) {
            throw notLeader();
        }
        long term = believedTerm;
        byte[] bytes = ChangeCodec.encode(change);
        var answered = new Cell();
        var result = new ArrayList<Applied>();
        raft.world().after(commitNanos(), () -> tryCommit(term, bytes, answered, result));
        boolean inTime = process.clock().await(answered, COMMIT_MAX);
        if (!inTime || result.isEmpty() || raft.answersUnknown()) {
            throw new TerraneException.Uncertain(
                    ErrorCode.OUTCOME_UNKNOWN, "it is not known whether the change is kept", null);
        }
        return result.getFirst();
    }

    private long commitNanos() {
        return raft.network().delayNanos()
                + raft.network().delayNanos()
                + raft.world().chance().between(100_000, 2_000_000);
    }

    private void tryCommit(long term, byte[] bytes, Cell answered, List<Applied> result) {
        if (process.isDead() || closed) {
            return;
        }
        if (raft.leads(this) && raft.term() == term) {
            while (applied < raft.log().size()) {
                applyNext();
            }
            raft.append(bytes);
            result.add(applyNext());
            answered.wake();
        } else if (raft.leader() == null && believedTerm == term) {
            raft.world().after(20_000_000, () -> tryCommit(term, bytes, answered, result));
        } else if (raft.leader() != this) {
            answered.wake(); // another leads: the entry is overwritten, and this one only knows
            // that it does not know
        } else {
            raft.world().after(20_000_000, () -> tryCommit(term, bytes, answered, result));
        }
    }

    private TerraneException.NotLeader notLeader() {
        return new TerraneException.NotLeader(
                ErrorCode.NO_METASRV_LEADER,
                "this metasrv does not lead",
                null,
                leader().map(Member::rpc).orElse(null));
    }

    @Override
    public <T> T read(Function<Catalog, T> question) {
        return question.apply(catalog);
    }

    @Override
    public boolean awaitChange(long version, Duration atMost) throws InterruptedException {
        long deadline = process.clock().nanosAfter(atMost);
        while (catalog.version() <= version && !process.clock().passed(deadline)) {
            var cell = new Cell();
            waiters.add(cell);
            try {
                process.clock().await(cell, process.clock().until(deadline));
            } finally {
                waiters.remove(cell);
            }
        }
        return catalog.version() > version;
    }

    @Override
    public List<Member> members() {
        return List.copyOf(members);
    }

    @Override
    public OptionalLong leadingTerm() {
        return believedTerm > 0 && applied >= readyAt
                ? OptionalLong.of(believedTerm)
                : OptionalLong.empty();
    }

    @Override
    public Optional<Member> leader() {
        var known = raft.leader();
        return members.stream()
                .filter(member -> known != null && member.id().equals(known.host()))
                .findFirst();
    }

    @Override
    public void close() {
        closed = true;
        raft.left(this);
    }
}
