package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.SmallDisk;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Footprint;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Pauses;
import terrane.e2e.load.Probe;
import terrane.e2e.load.Tables;
import terrane.engine.wal.KafkaWalConfig;

import java.time.Duration;
import java.util.List;

/// The only broker stands still for longer than anybody waits, is killed, and has no room on its
/// disk, each under load: writes are refused clearly and in time, what was acknowledged is there
/// once, all goes on without help as soon as the broker does, and no process has grown.
@Tag("soak")
class BrokerOutageE2E {
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(8);

    /// Longer than the longest that anybody here waits for one answer: Kafka's consumers and
    /// queries take a minute, an append is tried for half of that, and leases are far shorter.
    private static final Duration STILL =
            KafkaWalConfig.DELIVERY_TIMEOUT.multipliedBy(2).plusSeconds(5);

    private static final int DISK_MEGABYTES = 96;

    /// Longer than a lease.
    private static final Duration FULL = Duration.ofSeconds(8);

    /// Leases lapse meanwhile, and producers are made anew.
    private static final Duration BACK_MAX = Duration.ofSeconds(20);

    @Test
    void brokerMayStandStillOrDieOrHaveNoRoom() throws Exception {
        var name = "broker-outage";
        var disk = new SmallDisk("broker", TestCluster.emptyFolder(name + "-disk"), DISK_MEGABYTES);
        var plan =
                ClusterPlan.usual(name, new StorageChoice.LocalFolder())
                        .with(
                                "frontend",
                                "frontend.write.timeout=" + WRITE_TIMEOUT.toSeconds() + "s")
                        .at(disk);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, name)) {
            var probe = new Probe(cluster);
            new Mover(cluster).move(4);
            var before = Footprint.of(cluster);
            standsStill(cluster, load, probe);
            dies(cluster, load, probe);
            hasNoRoom(cluster, load, probe, disk);
            Footprint.of(cluster).checkFlatSince(before);
            load.finishClean();
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        }
    }

    private static void standsStill(TestCluster cluster, Load load, Probe probe) throws Exception {
        long began = System.nanoTime();
        cluster.broker().pause();
        try {
            probe.awaitFailure("x", WRITE_TIMEOUT);
            new Pauses().sleep(STILL.minusNanos(System.nanoTime() - began));
            probe.awaitFailure("x", WRITE_TIMEOUT);
        } finally {
            cluster.broker().resume();
        }
        goesOn(cluster, load, probe, began);
    }

    /// In the midst of a migration, and for longer than a write is held.
    private static void dies(TestCluster cluster, Load load, Probe probe) throws Exception {
        long began = System.nanoTime();
        var mover = new Mover(cluster);
        var move = mover.begin(0);
        cluster.broker().kill();
        probe.awaitFailure("x", WRITE_TIMEOUT);
        cluster.restart(cluster.broker());
        mover.awaitEnd(move);
        goesOn(cluster, load, probe, began);
    }

    private static void hasNoRoom(TestCluster cluster, Load load, Probe probe, SmallDisk disk)
            throws Exception {
        long began = System.nanoTime();
        disk.fill();
        probe.awaitFailure("x", WRITE_TIMEOUT);
        new Pauses().sleep(FULL);
        probe.awaitFailure("x", WRITE_TIMEOUT);
        disk.free();
        // Kafka ends where it cannot write; whoever runs it starts it again, as `terrane up` does.
        if (!cluster.broker().running()) {
            cluster.restart(cluster.broker());
        }
        goesOn(cluster, load, probe, began);
    }

    private static void goesOn(TestCluster cluster, Load load, Probe probe, long began)
            throws Exception {
        var took = probe.awaitSuccess();
        load.allowOutage(began);
        assertThat(took).as("from the broker's return to the next write").isLessThan(BACK_MAX);
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        load.awaitProgress();
    }
}
