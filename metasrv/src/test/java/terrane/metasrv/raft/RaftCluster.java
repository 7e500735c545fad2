package terrane.metasrv.raft;

import static org.awaitility.Awaitility.await;

import terrane.core.Address;
import terrane.core.Randomness;
import terrane.core.time.SystemClock;
import terrane.metasrv.raft.CatalogStore.Member;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/// Members of one group in this process, on free loopback ports.
final class RaftCluster implements AutoCloseable {
    private final Path directory;
    private final RaftSettings.Snapshots snapshots;
    private final List<Member> members = new ArrayList<>();
    private final TreeMap<String, RaftCatalogStore> running = new TreeMap<>();

    RaftCluster(int size, Path directory) {
        this(size, directory, RaftSettings.Snapshots.DEFAULT);
    }

    RaftCluster(int size, Path directory, RaftSettings.Snapshots snapshots) {
        this.directory = directory;
        this.snapshots = snapshots;
        for (int i = 0; i < size; i++) {
            members.add(member(i));
        }
        form();
        members.forEach(this::start);
    }

    private void form() {
        var folders = new TreeMap<String, UUID>();
        members.forEach(member -> folders.put(member.id(), Randomness.system().nextUuid()));
        members.forEach(
                member -> MemberFolder.open(folder(member), Randomness.system()).form(folders));
    }

    /// One that is not part of the group.
    static Member member(int number) {
        var unused = new Address("127.0.0.1", number + 1);
        return new Member("m" + number, unused, unused, new Address("127.0.0.1", freePort()));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start(Member member) {
        open(member, false);
    }

    /// Starts one that waits to be spoken to.
    void join(Member member) {
        open(member, true);
    }

    private void open(Member member, boolean joins) {
        var folder = MemberFolder.open(folder(member), Randomness.system());
        if (joins) {
            folder.join();
        }
        running.put(
                member.id(),
                RaftCatalogStore.open(
                        new RaftCatalogStore.Config(
                                members, member.id(), member.raft(), folder(member)),
                        joins || folder.joins(),
                        snapshots,
                        new SystemClock(),
                        () -> {}));
    }

    /// Where the member keeps its log and its snapshots.
    Path folder(Member member) {
        return directory.resolve(member.id());
    }

    RaftCatalogStore store(Member member) {
        return java.util.Objects.requireNonNull(running.get(member.id()));
    }

    void stop(Member member) {
        java.util.Objects.requireNonNull(running.remove(member.id())).close();
    }

    /// Waits for a leader among those that run.
    RaftCatalogStore leader() {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () ->
                                running.values().stream()
                                        .filter(store -> store.leadingTerm().isPresent())
                                        .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    Member leadingMember() {
        return memberOf(leader());
    }

    Member memberOf(CatalogStore store) {
        return members.stream()
                .filter(member -> running.get(member.id()) == store)
                .findFirst()
                .orElseThrow();
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    List<RaftCatalogStore> all() {
        return List.copyOf(running.values());
    }

    @Override
    public void close() {
        running.values().forEach(RaftCatalogStore::close);
    }
}
