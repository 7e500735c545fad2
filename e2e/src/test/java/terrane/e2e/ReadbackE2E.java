package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Tables;

import java.util.List;

/// With `datanode.ack=readback`, too, nothing that was acknowledged is lost or doubled while
/// regions move, a leader is killed, and another sleeps for longer than its lease.
class ReadbackE2E {
    private static final int MIGRATIONS = 10;

    @Test
    void regionsMoveAndLeadersDieUnderLoad() throws Exception {
        var plan =
                ClusterPlan.usual("readback", new StorageChoice.LocalFolder())
                        .with("datanode", "datanode.ack=readback");
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, "readback")) {
            var mover = new Mover(cluster);
            assertThat(mover.move(MIGRATIONS))
                    .as("certificates")
                    .allMatch(each -> each.path("certificate").path("agreed").asBoolean(false));

            var killed = mover.begin(0);
            cluster.datanode(killed.source()).kill();
            cluster.restart(cluster.datanode(killed.source()));
            mover.awaitEnd(killed);

            var slept = mover.begin(1);
            cluster.datanode(slept.source()).pause();
            try {
                mover.awaitEnd(slept);
            } finally {
                cluster.datanode(slept.source()).resume();
            }

            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
            var verdict = load.finish();
            assertThat(verdict.violations()).as("%s", verdict).isEmpty();
            assertThat(verdict.acknowledgedRows()).as("there was a load").isGreaterThan(1_000);
        }
    }
}
