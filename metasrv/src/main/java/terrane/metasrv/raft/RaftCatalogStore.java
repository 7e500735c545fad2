package terrane.metasrv.raft;

import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.Invariant;
import terrane.core.Randomness;
import terrane.core.TerraneException;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;
import terrane.core.catalog.ChangeCodec;
import terrane.core.formation.Standing;
import terrane.core.time.Clock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// One member of the replicated catalog, on Apache Ratis.
///
/// Changes are submitted in process on the leader; a member that does not lead refuses them and
/// says who does.
public final class RaftCatalogStore implements CatalogStore {
    /// Every cluster has one group; clusters are told apart by their members' addresses.
    static final RaftGroupId GROUP =
            RaftGroupId.valueOf(UUID.fromString("74657272-616e-4065-8d65-746173727630"));

    /// Longer than an election and a slow disk together; what takes longer has an unknown outcome.
    private static final Duration COMMIT_MAX = Duration.ofSeconds(10);

    /// A member that joins loads a snapshot of some megabytes, on a bad day over a slow line.
    private static final Duration REPLACE_MAX = Duration.ofMinutes(2);

    /// Heartbeats of Raft go several times a second.
    private static final long REACHABLE_MILLIS = 2_000;

    /// Several times what a start writes.
    private static final long ROOM_MIN = 1 << 20;

    private final RaftServer server;
    private final CatalogMachine machine;
    private final Path folder;
    private final Clock clock;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final Commits commits;

    private RaftCatalogStore(RaftServer server, CatalogMachine machine, Path folder, Clock clock) {
        this.server = server;
        this.machine = machine;
        this.folder = folder;
        this.clock = clock;
        this.commits = new Commits(this::append, clock, COMMIT_MAX);
    }

    /// Who this member is and where it keeps its log.
    ///
    /// @param members the first members; a directory that is not empty knows better
    /// @param self the id of one of `members`
    /// @param bind where its Raft port is opened, which may differ from what others are told
    public record Config(List<Member> members, String self, Address bind, Path directory) {
        public Config {
            members = List.copyOf(members);
        }
    }

    /// Loads what is on disk and takes part from then on. The folder must say that it may, see
    /// [Forming]: one that has joined does so once a leader has spoken to it.
    ///
    /// @param leadershipMayHaveChanged is told whenever it is worth looking at [#leadingTerm];
    ///   returns at once
    public static RaftCatalogStore start(
            Config config, Clock clock, Runnable leadershipMayHaveChanged) {
        return open(
                config,
                joins(config),
                RaftSettings.Snapshots.DEFAULT,
                clock,
                leadershipMayHaveChanged);
    }

    private static boolean joins(Config config) {
        var folder = MemberFolder.open(config.directory(), Randomness.system());
        Invariant.check(
                folder.standing() instanceof Standing.Formed,
                "a folder that is part of no cluster is opened: %s",
                config.directory());
        return folder.joins();
    }

    /// The same for a member that is to replace another: if the directory is empty, this member
    /// neither votes nor answers until a leader has spoken to it.
    public static RaftCatalogStore join(
            Config config, Clock clock, Runnable leadershipMayHaveChanged) {
        MemberFolder.open(config.directory(), Randomness.system()).join();
        return open(config, true, RaftSettings.Snapshots.DEFAULT, clock, leadershipMayHaveChanged);
    }

    static RaftCatalogStore open(
            Config config,
            boolean joins,
            RaftSettings.Snapshots snapshots,
            Clock clock,
            Runnable leadershipMayHaveChanged) {
        var machine = new CatalogMachine(clock, leadershipMayHaveChanged);
        var first = config.members().stream().map(RaftPeers::peer).toList();
        var group = RaftGroup.valueOf(GROUP, joins ? List.of() : first);
        try {
            checkRoom(config.directory());
            var server =
                    RaftServer.newBuilder()
                            .setServerId(RaftPeerId.valueOf(config.self()))
                            .setGroup(group)
                            .setProperties(
                                    RaftSettings.of(config.bind(), config.directory(), snapshots))
                            .setStateMachine(machine)
                            .setOption(RaftStorage.StartupOption.RECOVER)
                            .build();
            start(server, config.directory());
            return new RaftCatalogStore(server, machine, config.directory(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException("raft does not start: bind=" + config.bind(), e);
        }
    }

    /// What Ratis cannot write whole while it starts it may leave in pieces.
    private static void checkRoom(Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < ROOM_MIN) {
            throw TerraneException.rejected(
                    ErrorCode.FOLDER_FAILED,
                    "no room for this metasrv's log: make some, and start it again:"
                            + " metasrv.folder=%s freeBytes=%d neededBytes=%d",
                    folder,
                    free,
                    ROOM_MIN);
        }
    }

    private static void start(RaftServer server, Path folder) throws IOException {
        try {
            server.start();
        } catch (CompletionException e) { // one of its threads could not
            throw new TerraneException.Rejected(
                    ErrorCode.FOLDER_FAILED,
                    "what this metasrv stored cannot be read: repair the disk, or replace this"
                            + " metasrv by one with an empty folder and another id:"
                            + " metasrv.folder=%s cause=%s".formatted(folder, e.getCause()),
                    e);
        }
    }

    @Override
    public Applied commit(Change change) throws InterruptedException {
        long term = leadingTerm().orElseThrow(this::notLeader);
        byte[] bytes = ChangeCodec.encode(change);
        if (bytes.length > RaftSettings.CHANGE_BYTES_MAX) {
            throw TerraneException.rejected(
                    ErrorCode.TOO_LARGE,
                    "change of %d bytes, at most %d",
                    bytes.length,
                    RaftSettings.CHANGE_BYTES_MAX);
        }
        return commits.commit(term, bytes);
    }

    private List<Applied> append(long term, byte[] entry) throws InterruptedException {
        if (!leadingTerm().equals(OptionalLong.of(term))) {
            throw notLeader();
        }
        return result(submit(entry));
    }

    private RaftClientReply submit(byte[] bytes) throws InterruptedException {
        var request =
                RaftClientRequest.newBuilder()
                        .setClientId(client)
                        .setServerId(server.getId())
                        .setGroupId(GROUP)
                        .setCallId(calls.incrementAndGet())
                        .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes)))
                        .setType(RaftClientRequest.writeRequestType())
                        .build();
        try {
            return clock.get(server.submitClientRequestAsync(request), COMMIT_MAX);
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw Commits.unknown(e);
        }
    }

    /// Once submitted, only two refusals are certain to come before the entry is appended: Ratis
    /// also answers "not the leader" for entries that it appended and then lost the leadership.
    private List<Applied> result(RaftClientReply reply) {
        if (reply.isSuccess()) {
            Invariant.check(
                    reply.getMessage() instanceof CatalogMachine.Result,
                    "reply of another state machine: %s",
                    reply);
            return ((CatalogMachine.Result) reply.getMessage()).applied();
        }
        if (reply.getLeaderNotReadyException() != null
                || reply.getLeaderSteppingDownException() != null) {
            throw notLeader();
        }
        throw Commits.unknown(reply.getException());
    }

    private TerraneException.NotLeader notLeader() {
        var rpc = leader().map(Member::rpc);
        return new TerraneException.NotLeader(
                ErrorCode.NO_METASRV_LEADER,
                rpc.map(address -> "this metasrv does not lead: leader=" + address)
                        .orElse("no metasrv leads at the moment"),
                null,
                rpc.orElse(null));
    }

    @Override
    public <T> T read(Function<Catalog, T> question) {
        return machine.read(question);
    }

    @Override
    public boolean awaitChange(long version, Duration atMost) throws InterruptedException {
        return machine.awaitChange(version, atMost);
    }

    @Override
    public TerraneException awaitOver() throws InterruptedException {
        var cause = machine.awaitLogFailure();
        return TerraneException.unavailable(
                ErrorCode.FOLDER_FAILED,
                "this metasrv cannot write its log, and ends: make room or repair the disk, and"
                        + " start it again; the others go on while they are a majority:"
                        + " metasrv.folder=%s cause=%s",
                folder,
                cause);
    }

    private DivisionInfo division() {
        try {
            return server.getDivision(GROUP).getInfo();
        } catch (IOException e) {
            throw new UncheckedIOException("raft group is gone", e);
        }
    }

    @Override
    public OptionalLong leadingTerm() {
        var division = division();
        long term = division.getCurrentTerm();
        // Ready: an entry of its own term is applied. The term is looked at again because a
        // leadership may have been lost and won between the two looks.
        boolean leads = division.isLeader() && division.isLeaderReady();
        return leads && division.getCurrentTerm() == term
                ? OptionalLong.of(term)
                : OptionalLong.empty();
    }

    @Override
    public Optional<Member> leader() {
        var division = division();
        if (!division.isLeader() && !heard(division)) {
            return Optional.empty();
        }
        var id = division.getLeaderId();
        return members().stream()
                .filter(member -> id != null && member.id().equals(id.toString()))
                .findFirst();
    }

    /// Whether this follower's leader has spoken lately: one that has not may be dead, which the
    /// group finds out by an election, and nobody is to be sent there.
    private static boolean heard(DivisionInfo division) {
        var role = division.getRoleInfoProto();
        return role.hasFollowerInfo()
                && role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs()
                        <= RaftSettings.ELECTION_MILLIS_MAX;
    }

    @Override
    public boolean reachable(Member member) {
        return division().getRoleInfoProto().getLeaderInfo().getFollowerInfoList().stream()
                .filter(follower -> follower.getId().getId().toStringUtf8().equals(member.id()))
                .anyMatch(follower -> follower.getLastRpcElapsedTimeMs() < REACHABLE_MILLIS);
    }

    @Override
    public List<Member> members() {
        return RaftPeers.members(peers());
    }

    private Collection<RaftPeer> peers() {
        try {
            return server.getDivision(GROUP).getRaftConf().getCurrentPeers();
        } catch (IOException e) {
            throw new UncheckedIOException("raft group is gone", e);
        }
    }

    @Override
    public void replace(String dead, Member successor) throws InterruptedException {
        if (leadingTerm().isEmpty()) {
            throw notLeader();
        }
        var next = Succession.next(members(), server.getId().toString(), dead, successor, this);
        var request =
                new SetConfigurationRequest(
                        client,
                        server.getId(),
                        GROUP,
                        calls.incrementAndGet(),
                        next.stream().map(RaftPeers::peer).toList());
        try {
            var reply = clock.get(server.setConfigurationAsync(request), REPLACE_MAX);
            if (!reply.isSuccess()) {
                throw Succession.failure(reply.getException());
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw Commits.unknown(e);
        }
    }

    /// Leaves the group's conversation; what is on disk stays.
    @Override
    public void close() {
        commits.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("raft does not stop", e);
        }
    }
}
