package terrane.metasrv.raft;

import static org.awaitility.Awaitility.await;

import terrane.core.Address;
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

/// Members of one group in this process, on free loopback ports.
final class RaftCluster implements AutoCloseable {
    private final Path directory;
    private final List<Member> members = new ArrayList<>();
    private final TreeMap<String, RaftCatalogStore> running = new TreeMap<>();

    RaftCluster(int size, Path directory) {
        this.directory = directory;
        for (int i = 0; i < size; i++) {
            var unused = new Address("127.0.0.1", i + 1);
            members.add(new Member("m" + i, unused, unused, new Address("127.0.0.1", freePort())));
        }
        members.forEach(this::start);
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start(Member member) {
        running.put(
                member.id(),
                RaftCatalogStore.start(
                        new RaftCatalogStore.Config(
                                members,
                                member.id(),
                                member.raft(),
                                directory.resolve(member.id())),
                        new SystemClock(),
                        () -> {}));
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
