package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.SmallDisk;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Tables;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One metasrv's disk is full, under load: it ends and says why, the others go on and no writer
/// notices; with room it is started again and counts.
class MetasrvDiskE2E {
    private static final List<String> TABLES = List.of(Tables.LOG, Tables.GAUGE);
    private static final int FULL = 0;

    /// With what a start needs, and hardly more.
    private static final int DISK_MEGABYTES = 2;

    /// The log has room for a while when the disk has none: each table takes some kilobytes of it.
    private static final int TABLES_MAX = 200;

    private static final String COLUMNS =
            IntStream.range(0, 100)
                    .mapToObj("a_column_with_quite_a_long_name_%d DOUBLE, "::formatted)
                    .collect(Collectors.joining());

    @Test
    void metasrvWithoutRoomEndsAndComesBackWhenItHasSome() throws Exception {
        var disk =
                new SmallDisk(
                        "metasrv-" + FULL,
                        TestCluster.emptyFolder("metasrv-disk-disk"),
                        DISK_MEGABYTES);
        var plan = ClusterPlan.usual("metasrv-disk", new StorageChoice.LocalFolder()).at(disk);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, "metasrv-disk")) {
            load.awaitProgress();
            disk.fill();
            endsWhenItCannotWrite(cluster);
            load.awaitProgress();
            assertThat(cluster.startInVain(cluster.metasrv(FULL)))
                    .contains("TRN-028", "no room", "metasrv.folder=")
                    .doesNotContain("ready: ");
            disk.free();
            cluster.restart(cluster.metasrv(FULL));
            isNeededByTheMajority(cluster);
            load.awaitProgress();
            load.finishClean();
            ClusterInvariants.check(cluster, TABLES);
        }
    }

    private static void endsWhenItCannotWrite(TestCluster cluster) throws Exception {
        var full = cluster.metasrv(FULL);
        for (int i = 0; i < TABLES_MAX && full.running(); i++) {
            cluster.sql(
                    "CREATE TABLE wide_%d (%s ts TIMESTAMP(3) TIME INDEX)".formatted(i, COLUMNS));
        }
        full.awaitEnd();
        assertThat(full.said()).contains("TRN-028", "cannot write its log", "metasrv.folder=");
    }

    private static void isNeededByTheMajority(TestCluster cluster) throws Exception {
        int leader = cluster.metasrvLeader();
        int dead = leader == FULL ? FULL + 1 : leader;
        cluster.metasrv(dead).kill();
        assertThat(cluster.metasrvLeader()).isNotEqualTo(dead);
        new Mover(cluster).move(1);
        cluster.restart(cluster.metasrv(dead));
    }
}
