package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.Cli;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Probe;
import terrane.e2e.load.Tables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What `docs/operating/metasrv.md` tells operators to do, done to three real metasrvs while
/// clients write: one that lost its disk is refused and replaced by another, which then is part of
/// the majority that finishes a migration; and, where there is time for it, all of them are
/// restored from a backup.
class MetasrvMembersE2E {
    private static final List<String> TABLES = List.of(Tables.LOG, Tables.GAUGE);

    /// How far epochs jump by a restore.
    private static final long JUMP = 1L << 40;

    @Test
    void metasrvThatLostItsDiskIsRefusedAndReplacedByOneThatCounts() throws Exception {
        try (var cluster = TestCluster.start("members", new StorageChoice.LocalFolder());
                var load = Load.start(cluster, "members")) {
            isReplacedUnderLoad(cluster, load);
            load.finishClean();
        }
    }

    @Test
    @Tag("soak")
    void metasrvsAreReplacedAndThenRestored() throws Exception {
        try (var cluster = TestCluster.start("restored", new StorageChoice.LocalFolder());
                var load = Load.start(cluster, "restored")) {
            var probe = new Probe(cluster);
            isReplacedUnderLoad(cluster, load);
            long before = epoch(probe);
            assertThat(before).isBetween(1L, JUMP);

            long began = System.nanoTime();
            areRestored(cluster);
            probe.awaitSuccess();
            ClusterInvariants.check(cluster, TABLES);
            load.allowOutage(began);
            load.awaitProgress();
            assertThat(epoch(probe)).isGreaterThan(JUMP + before);
            new Mover(cluster).move(1);
            load.finishClean();
            ClusterInvariants.check(cluster, TABLES);
        }
    }

    private static void isReplacedUnderLoad(TestCluster cluster, Load load) throws Exception {
        int lost = losesItsDisk(cluster);
        load.awaitProgress();
        isReplaced(cluster, lost);
        isNeededByTheMajority(cluster, lost);
        load.awaitProgress();
    }

    private static long epoch(Probe probe) throws IOException, InterruptedException {
        var answer = probe.write().answer();
        assertThat(answer.epochs()).as("%s", answer).matches("\\d+=\\d+");
        return Long.parseLong(answer.epochs().split("=", 2)[1]);
    }

    /// @return which follower has
    private static int losesItsDisk(TestCluster cluster) throws Exception {
        int leader = cluster.metasrvLeader();
        int lost = (leader + 1) % TestCluster.METASRVS;
        var metasrv = cluster.metasrv(lost);
        metasrv.kill();
        delete(cluster.metasrvFolder(lost));
        for (int i = 0; i < 2; i++) { // a supervisor would try again
            assertThat(cluster.startInVain(metasrv))
                    .contains("TRN-027", "metasrv.join = true", "POST /admin/member/replace")
                    .doesNotContain("ready: ");
        }
        assertThat(cluster.metasrvLeader()).as("nobody was disturbed").isEqualTo(leader);
        return lost;
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void isReplaced(TestCluster cluster, int lost) throws Exception {
        int id = TestCluster.METASRVS;
        cluster.joinMetasrv(lost, id);
        var leader = cluster.metasrvHttp().get(cluster.metasrvLeader());
        var query = "?id=%d&by=%s".formatted(lost, cluster.metasrvMember(lost));
        var answer =
                cluster.calls()
                        .post("http://" + leader + "/admin/member/replace" + query, "", Map.of());
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.body())
                .contains("\"id\":\"%d\"".formatted(id))
                .doesNotContain("\"id\":\"%d\"".formatted(lost));
    }

    /// With the leader dead, the new one is half of those that are left.
    private static void isNeededByTheMajority(TestCluster cluster, int replaced) throws Exception {
        int dead = cluster.metasrvLeader();
        assertThat(dead).isNotEqualTo(replaced);
        cluster.metasrv(dead).kill();
        assertThat(cluster.metasrvLeader()).isNotEqualTo(dead);
        new Mover(cluster).move(1);
        cluster.restart(cluster.metasrv(dead));
        ClusterInvariants.check(cluster, TABLES);
    }

    private static void areRestored(TestCluster cluster) throws Exception {
        var backup = TestCluster.emptyFolder("restored-backup").resolve("metasrv");
        var http = String.join(",", cluster.metasrvHttp());
        Cli.run(List.of("metasrv", "backup", "--metasrv", http, backup.toString()));
        new Mover(cluster).move(2); // of which the backup does not know
        cluster.stopMetasrvs();
        for (int i = 0; i < TestCluster.METASRVS; i++) {
            var folder = cluster.metasrvFolder(i);
            Files.move(folder, folder.resolveSibling(folder.getFileName() + "-old"));
            var words = new ArrayList<>(List.of("metasrv", "restore"));
            words.addAll(cluster.metasrv(i).flags());
            words.add(backup.toString());
            assertThat(Cli.run(words)).contains("restored into " + folder);
        }
        cluster.startMetasrvs();
    }
}
