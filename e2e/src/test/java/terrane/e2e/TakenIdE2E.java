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

/// Another process comes under a datanode's peer id, by mistake or since the first was taken for
/// dead: never do both lead, one of them says why it does not, and nothing is lost or doubled.
class TakenIdE2E {
    private static final int PEER = 1;

    /// A process starts, and the metasrv waits for a while before it refuses.
    private static final Duration REFUSED_MAX = Duration.ofMinutes(1);

    @Test
    void onlyTheIdOfAProcessThatIsSilentIsTakenAndThatOneEndsWhenItWakes() throws Exception {
        try (var cluster = TestCluster.start("taken-id", new StorageChoice.LocalFolder());
                var load = Load.start(cluster, "taken")) {
            load.awaitProgress();
            var asleep = cluster.datanode(PEER);
            asleep.pause();
            try (asleep) {
                cluster.replaceDatanode(PEER);
                load.awaitProgress();
                asleep.resume();
                asleep.awaitEnd();
                assertThat(asleep.said()).contains("was replaced");
            }
            load.awaitProgress();
            try (var second = cluster.claimDatanodeId(PEER)) {
                await("it is told that its peer id is in use")
                        .atMost(REFUSED_MAX)
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> second.said().contains("is in use by another datanode"));
                load.awaitProgress();
            }
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
            var verdict = load.finish();
            assertThat(verdict.violations()).as("%s", verdict).isEmpty();
            assertThat(verdict.acknowledgedRows()).as("there was a load").isGreaterThan(1_000);
        }
    }
}
