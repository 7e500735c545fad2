package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.Calls;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.SmallDisk;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Probe;
import terrane.e2e.load.Tables;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A datanode's own disk holds nothing that is needed: when it is full, or its folder is deleted
/// under it, rows are acknowledged all the same and regions move away, also with rows that are long
/// due to be flushed.
class DatanodeDiskE2E {
    private static final List<String> TABLES = List.of(Tables.LOG, Tables.GAUGE, "probe");
    private static final int FULL = 0;

    /// For caches, and what a few flushes write.
    private static final int DISK_MEGABYTES = 16;

    private static final String FLUSH = "datanode.region.flush.size=256KiB";

    /// A few of them are due to be flushed.
    private static final String BIG = "x".repeat(100_000);

    private static final int BIG_ONES = 6;

    @Test
    void datanodeWithoutRoomServesAndCanBeLeft() throws Exception {
        var name = "datanode-" + FULL;
        var folder = TestCluster.emptyFolder("datanode-disk-disk");
        var disk = new SmallDisk(name, folder, DISK_MEGABYTES);
        var plan =
                ClusterPlan.usual("datanode-disk", new StorageChoice.LocalFolder())
                        .at(disk)
                        .with("datanode", FLUSH);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, "datanode-disk")) {
            var probe = new Probe(cluster);
            moveAll(cluster, FULL);
            disk.fill();
            writeBig(probe);
            assertThat(flush(cluster).body()).contains("TRN-028", "local disk failed");
            load.awaitProgress();

            moveAll(cluster, FULL + 1);
            flushWell(cluster);
            load.awaitProgress();

            moveAll(cluster, FULL);
            writeBig(probe);
            disk.free();
            flushWell(cluster);
            assertThat(cluster.datanode(FULL).said()).doesNotContain("flush failed unexpectedly");
            finish(cluster, load);
        }
    }

    @Test
    void datanodeMayLoseItsFolder() throws Exception {
        var name = "datanode-folder";
        var plan = ClusterPlan.usual(name, new StorageChoice.LocalFolder()).with("datanode", FLUSH);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, name)) {
            var probe = new Probe(cluster);
            moveAll(cluster, FULL);
            writeBig(probe);
            flushWell(cluster);
            delete(cluster.datanodeFolder(FULL));
            count(cluster);
            delete(cluster.datanodeFolder(FULL));
            writeBig(probe);
            flushWell(cluster);
            new Mover(cluster).move(2);
            finish(cluster, load);
        }
    }

    private static void finish(TestCluster cluster, Load load) throws Exception {
        load.awaitProgress();
        load.finishClean();
        ClusterInvariants.check(cluster, TABLES);
    }

    private static void writeBig(Probe probe) throws Exception {
        for (int i = 0; i < BIG_ONES; i++) {
            var told = probe.write(BIG);
            assertThat(told.answer().good()).as("%s", told).isTrue();
        }
    }

    private static Calls.Answer flush(TestCluster cluster) throws Exception {
        return cluster.calls().sql(cluster.frontendHttp(), "ADMIN flush_table('probe')", Map.of());
    }

    private static void flushWell(TestCluster cluster) throws Exception {
        assertThat(cluster.sql("ADMIN flush_table('probe')")).contains("\"output\"");
        count(cluster);
    }

    private static void count(TestCluster cluster) throws Exception {
        cluster.sql("SELECT count(text) FROM probe");
    }

    /// Every region, wherever it is.
    private static void moveAll(TestCluster cluster, int target) {
        var admin = new Admin(cluster);
        for (var table : TABLES) {
            for (var region : admin.route(table)) {
                int source = region.leader().orElseThrow();
                if (source != target) {
                    var request = UUID.randomUUID().toString();
                    var id = admin.migrate(region.region(), source, target, request);
                    var ended = admin.awaitEnd(id.orElseThrow());
                    assertThat(ended.path("status").asString()).as("%s", ended).isEqualTo("Done");
                }
            }
        }
    }

    /// As far as the node does not write there at the same moment.
    private static void delete(Path folder) throws Exception {
        new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
    }
}
