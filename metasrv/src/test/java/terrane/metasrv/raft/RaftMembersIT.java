package terrane.metasrv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.TerraneException;
import terrane.core.WalPartition;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.Change;
import terrane.metasrv.raft.CatalogStore.Member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Shows with real Ratis that the log does not grow for ever, and that members catch up which have
/// less than what is left of it: one that was down, and one that is new, which is also how one
/// comes back that lost its disk.
class RaftMembersIT {
    private static final Duration CAUGHT_UP_MAX = Duration.ofSeconds(60);

    /// So often that a minute's changes cut the log several times.
    private static final RaftSettings.Snapshots OFTEN = new RaftSettings.Snapshots(10, 5);

    /// Of 300 KiB each: 12 MB, three segments of the log.
    private static final int CHANGES = 40;

    @TempDir Path directory;

    private static Change large(int number) {
        return new Change.ConfigureWal(
                IntStream.range(0, 10_000)
                        .mapToObj(i ->
                                new WalPartition("a-topic-of-many-%d-%d".formatted(number, i), 0))
                        .toList());
    }

    private static void write(RaftCatalogStore leader) throws InterruptedException {
        for (int i = 0; i < CHANGES; i++) {
            leader.commit(large(i));
        }
    }

    private static byte[] bytes(CatalogStore store) {
        return store.read(catalog -> {
            var out = new ByteWriter();
            catalog.encode(out);
            return out.toBytes();
        });
    }

    private static Member follower(RaftCluster cluster) {
        var leader = cluster.leadingMember();
        return cluster.members().stream()
                .filter(member -> !member.equals(leader))
                .findFirst()
                .orElseThrow();
    }

    /// Names of files below the member's folder.
    private static List<String> files(RaftCluster cluster, Member member) throws IOException {
        try (var paths = Files.walk(cluster.folder(member))) {
            return paths.map(path -> path.getFileName().toString()).toList();
        }
    }

    private static void awaitCut(RaftCluster cluster, Member member) {
        await("the beginning of the log is gone")
                .atMost(CAUGHT_UP_MAX)
                .untilAsserted(() ->
                        assertThat(files(cluster, member))
                                .noneMatch(name -> name.matches("log(_inprogress)?_0.*")));
    }

    private static void awaitSame(RaftCluster cluster, Member member) {
        await(member.id() + " has caught up")
                .atMost(CAUGHT_UP_MAX)
                .untilAsserted(() ->
                        assertThat(bytes(cluster.store(member)))
                                .isEqualTo(bytes(cluster.leader())));
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void followerThatWasDownWhileTheLogWasCutCatchesUp() throws Exception {
        try (var cluster = new RaftCluster(3, directory, OFTEN)) {
            var follower = follower(cluster);
            cluster.leader().commit(large(0));
            cluster.stop(follower);
            write(cluster.leader());
            awaitCut(cluster, cluster.leadingMember());
            cluster.start(follower);
            awaitSame(cluster, follower);
            cluster.leader().commit(large(1_000)); // and goes on with the log
            awaitSame(cluster, follower);
        }
    }

    @Test
    void memberWithoutMemoryDoesNotVote() throws Exception {
        try (var cluster = new RaftCluster(3, directory)) {
            var leader = cluster.leadingMember();
            var forgetful = follower(cluster);
            cluster.leader().commit(large(0));
            cluster.stop(forgetful);
            delete(cluster.folder(forgetful));
            cluster.stop(leader);
            cluster.join(forgetful);
            awaitNobodyLeads(cluster);
            cluster.stop(forgetful);
            cluster.start(forgetful); // without being told to join
            awaitNobodyLeads(cluster);
        }
    }

    /// For longer than several elections.
    private static void awaitNobodyLeads(RaftCluster cluster) {
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() ->
                        cluster.all().stream().allMatch(store -> store.leadingTerm().isEmpty()));
    }

    @Test
    void deadMemberIsReplacedByOneAtAnotherAddress() throws Exception {
        try (var cluster = new RaftCluster(3, directory, OFTEN)) {
            var dead = follower(cluster);
            cluster.stop(dead);
            write(cluster.leader());
            var successor = RaftCluster.member(3);
            cluster.join(successor);
            cluster.leader().replace(dead.id(), successor);
            awaitSame(cluster, successor);
            assertThat(cluster.leader().members()).contains(successor).doesNotContain(dead);
            var third =
                    cluster.members().stream()
                            .filter(m -> !m.equals(dead) && !m.equals(cluster.leadingMember()))
                            .findFirst()
                            .orElseThrow();
            cluster.stop(third);
            cluster.leader().commit(large(1_000)); // with the new one's voice
            cluster.start(third); // which was told of the dead one when it was made
            awaitSame(cluster, third);
            assertThat(cluster.store(third).members()).contains(successor).doesNotContain(dead);
            cluster.stop(successor);
            cluster.start(successor); // and remembers that it is one of them
            cluster.leader().commit(large(1_001));
            awaitSame(cluster, successor); // who speaks again: without it there is no majority next
            cluster.stop(third);
            cluster.leader().commit(large(1_002));
        }
    }

    @Test
    void memberIsNotReplacedWhileThoseThatStayAreNoMajority() throws Exception {
        try (var cluster = new RaftCluster(3, directory)) {
            var dead = follower(cluster);
            var leader = cluster.leader();
            var before = leader.members();
            var alive =
                    before.stream()
                            .filter(m -> !m.equals(dead) && !m.equals(cluster.leadingMember()))
                            .findFirst()
                            .orElseThrow();
            cluster.stop(dead);
            await().until(() -> !leader.reachable(dead));
            assertThatThrownBy(() -> leader.replace(alive.id(), RaftCluster.member(3)))
                    .isInstanceOf(TerraneException.Rejected.class)
                    .hasMessageContaining("no majority");
            assertThat(leader.members()).isEqualTo(before);
        }
    }
}
