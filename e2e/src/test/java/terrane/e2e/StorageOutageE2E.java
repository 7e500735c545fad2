package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Pauses;
import terrane.e2e.load.Probe;
import terrane.e2e.load.Tables;

import java.time.Duration;
import java.util.List;

/// Shared storage is away, and slow, under load. Writes go on for as long as rows fit into memory,
/// and are refused clearly from then on; when it is back, all goes on without help. Slow storage
/// nobody notices.
@Tag("soak")
class StorageOutageE2E {
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(8);

    /// A region of the load does not reach it within this test.
    private static final String MEMORY = "datanode.memtable.size=12MiB";

    private static final String FLUSH = "datanode.region.flush.size=1MiB";

    /// Sixty fill the memory of a node.
    private static final String BIG = "x".repeat(200_000);

    /// Storage does nothing for so long, and then something, again and again.
    private static final Duration STILL = Duration.ofMillis(1_500);

    private static final Duration GOING = Duration.ofMillis(500);
    private static final int PULSES = 6;

    @Test
    void storageMayBeAwayOrSlow() throws Exception {
        var name = "storage-outage";
        var server = new S3Process(TestCluster.emptyFolder(name + "-server"));
        var plan =
                ClusterPlan.usual(name, new StorageChoice.S3(server.config("cluster/")))
                        .with("datanode", MEMORY, FLUSH)
                        .with(
                                "frontend",
                                "frontend.write.timeout=" + WRITE_TIMEOUT.toSeconds() + "s");
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, name)) {
            var probe = new Probe(cluster);
            isSlow(cluster, load, server);
            isAway(cluster, load, probe, server);
            load.finishClean();
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        } finally {
            server.kill();
        }
    }

    /// Flushes and migrations take as long as they take, and succeed.
    private static void isSlow(TestCluster cluster, Load load, S3Process server) throws Exception {
        try (var slow = Pulses.of(server, STILL, GOING, PULSES)) {
            for (var table : List.of(Tables.LOG, Tables.GAUGE)) {
                cluster.sql("ADMIN flush_table('" + table + "')");
            }
            new Mover(cluster).move(2);
            slow.awaitEnd();
        }
        load.awaitProgress();
    }

    private static void isAway(TestCluster cluster, Load load, Probe probe, S3Process server)
            throws Exception {
        long began = System.nanoTime();
        server.kill();
        probe.awaitSuccess();
        load.awaitProgress();
        var told = probe.awaitFailure(BIG, WRITE_TIMEOUT);
        assertThat(told.answer().status()).as("%s", told).isEqualTo(503);
        assertThat(told.answer().body()).contains("too many rows wait to be flushed");
        new Pauses().sleep(WRITE_TIMEOUT);
        probe.awaitFailure("small", WRITE_TIMEOUT);

        server.restart();
        probe.awaitSuccess();
        load.allowOutage(began);
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE, "probe"));
        load.awaitProgress();
        cluster.sql("ADMIN flush_table('probe')");
    }
}
