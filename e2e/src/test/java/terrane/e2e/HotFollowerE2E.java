package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Tables;

import java.time.Duration;
import java.util.List;

/// A datanode is killed under load while all regions are followed: nothing that was acknowledged is
/// lost or doubled. How long its regions were away is printed, and not judged.
class HotFollowerE2E {
    private static final Duration FOLLOWED_MAX = Duration.ofSeconds(30);
    private static final int REGIONS = 4;

    /// With `-Dterrane.soak=true` two; one after the other.
    private static final int KILLS = Boolean.getBoolean("terrane.soak") ? 2 : 1;

    private static final String PROBE =
            "CREATE TABLE beacon (host STRING, ts TIMESTAMP(3) TIME INDEX, PRIMARY KEY (host))"
                    + " PARTITION ON COLUMNS (host) (host < 'm', host >= 'm') WITH (followers = 1)";

    private static void awaitFollowed(TestCluster cluster) {
        await("every region is followed")
                .atMost(FOLLOWED_MAX)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> peers(cluster, "status = 'FOLLOWER'") >= REGIONS + 2);
    }

    private static long peers(TestCluster cluster, String condition) throws Exception {
        var answer =
                cluster.sql(
                        "SELECT 'n=' || count(*) FROM information_schema.region_peers WHERE "
                                + condition);
        var digits = answer.replaceAll("(?s).*n=(\\d+).*", "$1");
        return Long.parseLong(digits);
    }

    /// Until a write into both regions of a table is acknowledged.
    private static Duration untilAcknowledged(TestCluster cluster, int round) throws Exception {
        long began = System.nanoTime();
        cluster.sql(
                "INSERT INTO beacon (host, ts) VALUES ('a', %d), ('z', %d)"
                        .formatted(round, round));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void followersTakeOverFromLeadersThatAreKilled() throws Exception {
        try (var cluster = TestCluster.start("hot", new StorageChoice.LocalFolder())) {
            cluster.sql(PROBE);
            try (var load = Load.start(cluster, "hot", 1)) {
                for (int peer = 0; peer < KILLS; peer++) {
                    awaitFollowed(cluster);
                    load.awaitProgress();
                    cluster.datanode(peer).kill();
                    System.out.println(
                            "kill -9 of a followed datanode: acknowledged again after "
                                    + untilAcknowledged(cluster, peer));
                    load.awaitProgress();
                    cluster.restart(cluster.datanode(peer));
                }
                ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
                var verdict = load.finish();
                assertThat(verdict.violations()).as("%s", verdict).isEmpty();
                assertThat(verdict.acknowledgedRows()).as("there was a load").isGreaterThan(1_000);
            }
        }
    }
}
