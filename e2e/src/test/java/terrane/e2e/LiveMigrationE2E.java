package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Tables;
import terrane.sim.history.Verdict;

import java.util.List;

/// Eight writers and two readers do not notice, but for their latency, that the four regions of
/// their tables move from datanode to datanode fifty times.
class LiveMigrationE2E {
    private static final int MIGRATIONS = 50;

    @Test
    void regionsMoveUnderLoadOverALocalFolder() throws Exception {
        moveUnderLoad("live-local", new StorageChoice.LocalFolder());
    }

    @Test
    void regionsMoveUnderLoadOverS3() throws Exception {
        var server = new S3Process(TestCluster.emptyFolder("live-s3-server"));
        try {
            moveUnderLoad("live-s3", new StorageChoice.S3(server.config("cluster/")));
        } finally {
            server.kill();
        }
    }

    private static void moveUnderLoad(String name, StorageChoice storage) throws Exception {
        try (var cluster = TestCluster.start(name, storage);
                var load = Load.start(cluster, name)) {
            var procedures = new Mover(cluster).move(MIGRATIONS);

            var verdict = load.finish();
            checkClean(verdict);
            assertThat(procedures)
                    .as("certificates")
                    .allMatch(each -> each.path("certificate").path("agreed").asBoolean(false));
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        }
    }

    private static void checkClean(Verdict verdict) {
        assertThat(verdict.violations()).as("%s", verdict).isEmpty();
        assertThat(verdict.acknowledgedRows()).as("there was a load").isGreaterThan(1_000);
        assertThat(verdict.unknownRows()).isZero();
        assertThat(verdict.reads()).as("somebody looked").isGreaterThan(100);
    }
}
