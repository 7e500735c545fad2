package terrane.metasrv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import terrane.core.ClusterId;
import terrane.core.TerraneException;
import terrane.core.bytes.ByteWriter;
import terrane.core.catalog.Applied;
import terrane.core.catalog.Catalog;
import terrane.core.catalog.Change;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Runs real Ratis members in this process: what was committed survives a restart and a change of
/// leader, and is the same everywhere.
class RaftCatalogStoreIT {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));

    @TempDir Path directory;

    private static byte[] bytes(CatalogStore store) {
        return store.read(catalog -> {
            var out = new ByteWriter();
            catalog.encode(out);
            return out.toBytes();
        });
    }

    private static Change lease(long seconds) {
        return new Change.RaiseLongestLease(Duration.ofSeconds(seconds));
    }

    @Test
    void lonelyMemberLeadsAndKeepsItsStateAcrossARestart() throws Exception {
        try (var cluster = new RaftCluster(1, directory)) {
            var before = cluster.leader();
            assertThat(before.commit(new Change.Initialize(CLUSTER)))
                    .isEqualTo(new Applied.Done(1));
            before.commit(lease(3));
            byte[] state = bytes(before);
            var member = cluster.leadingMember();
            cluster.stop(member);
            cluster.start(member);
            assertThat(bytes(cluster.leader())).isEqualTo(state);
        }
    }

    @Test
    void changesSurviveTheirLeaderAndReachEveryMember() throws Exception {
        try (var cluster = new RaftCluster(3, directory)) {
            cluster.leader().commit(new Change.Initialize(CLUSTER));
            var first = cluster.leadingMember();
            long term = cluster.leader().leadingTerm().orElseThrow();
            cluster.stop(first);
            var second = cluster.leader();
            assertThat(second.leadingTerm().orElseThrow()).isGreaterThan(term);
            assertThat(second.read(Catalog::cluster)).contains(CLUSTER);
            second.commit(lease(7));
            cluster.start(first);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(cluster.all())
                                    .allMatch(store ->
                                            store.read(Catalog::longestLease)
                                                    .equals(Duration.ofSeconds(7))));
        }
    }

    @Test
    void followerRefusesAndNamesTheLeader() throws Exception {
        try (var cluster = new RaftCluster(3, directory)) {
            var leader = cluster.leadingMember();
            var follower =
                    cluster.all().stream()
                            .filter(store -> store.leadingTerm().isEmpty())
                            .findFirst()
                            .orElseThrow();
            await().until(() -> follower.leader().isPresent());
            assertThat(follower.leader()).contains(leader);
            assertThatThrownBy(follower::quorumRound)
                    .isInstanceOfSatisfying(
                            TerraneException.NotLeader.class,
                            refusal -> assertThat(refusal.metasrv()).contains(leader.rpc()));
        }
    }

    @Test
    void leaderWithoutAMajorityGetsNoRoundThrough() throws Exception {
        try (var cluster = new RaftCluster(3, directory)) {
            var leader = cluster.leader();
            var alone = cluster.leadingMember();
            leader.quorumRound();
            cluster.members().stream()
                    .filter(member -> !member.equals(alone))
                    .forEach(cluster::stop);
            assertThatThrownBy(leader::quorumRound)
                    .isInstanceOfAny(
                            TerraneException.Uncertain.class, TerraneException.NotLeader.class);
        }
    }

    @Test
    void survivorOfADeadLeaderAndADeadMajorityNamesNobody() throws Exception {
        try (var cluster = new RaftCluster(3, directory)) {
            var dead = cluster.leadingMember();
            var survivor =
                    cluster.all().stream()
                            .filter(store -> store.leadingTerm().isEmpty())
                            .findFirst()
                            .orElseThrow();
            await().until(() -> survivor.leader().equals(Optional.of(dead)));
            cluster.members().stream()
                    .filter(member -> !member.equals(cluster.memberOf(survivor)))
                    .forEach(cluster::stop);
            await().atMost(Duration.ofSeconds(2)).until(() -> survivor.leader().isEmpty());
            await().during(Duration.ofSeconds(3))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> survivor.leader().isEmpty());
        }
    }

    @Test
    void waiterIsWokenByAChange() throws Exception {
        try (var cluster = new RaftCluster(1, directory)) {
            var leader = cluster.leader();
            assertThat(leader.awaitChange(0, Duration.ofMillis(10))).isFalse();
            leader.commit(new Change.Initialize(CLUSTER));
            assertThat(leader.awaitChange(0, Duration.ofSeconds(30))).isTrue();
        }
    }
}
