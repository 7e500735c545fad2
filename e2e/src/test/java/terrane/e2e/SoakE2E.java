package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.Hosts;
import terrane.e2e.cluster.Place;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Footprint;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Pauses;
import terrane.e2e.load.Soak;
import terrane.e2e.load.Tables;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// A cluster under load for a while: with faults of all kinds at random moments of migrations, and
/// with none at all, which must be as clean. No process grows.
///
/// With `-Dterrane.soak=true` ten minutes each. `-Dterrane.seed` repeats who is hit, how and when;
/// the seed is printed.
class SoakE2E {
    private static final boolean LONG = Boolean.getBoolean("terrane.soak");
    private static final long SEED = Long.getLong("terrane.seed", System.nanoTime() % 1_000_000);
    private static final Duration FAULTS = LONG ? Duration.ofMinutes(10) : Duration.ofMinutes(2);
    private static final Duration QUIET = LONG ? Duration.ofMinutes(10) : Duration.ofSeconds(15);

    private static final List<String> HOSTS =
            Stream.concat(TestCluster.CHILDREN.stream(), Stream.of(S3Process.NAME)).toList();

    /// For what is closed later, and is compiled and filled at first.
    private static final Duration SETTLE = Duration.ofSeconds(15);

    /// A quiet machine takes 8 s for each; how many it takes a busy one is not judged.
    private static final int FAULTS_MIN = 2;

    @Test
    void randomFaultsOfAllKindsLeaveNothingBehind() throws Exception {
        System.out.println("random faults: -Dterrane.seed=" + SEED);
        var name = "soak";
        var hosts = Hosts.ifPossible(HOSTS);
        var place = hosts.<Place>map(each -> each).orElseGet(Place.OneHost::new);
        var server = new S3Process(TestCluster.emptyFolder(name + "-server"), place);
        var plan =
                ClusterPlan.usual(name, new StorageChoice.S3(server.config("cluster/"))).at(place);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, name)) {
            new Pauses().sleep(SETTLE);
            var before = Footprint.of(cluster);

            int faults = new Soak(cluster, load, storage(server), hosts, SEED).run(FAULTS);

            assertThat(faults).as("faults injected, seed=%d", SEED).isGreaterThan(FAULTS_MIN);
            new Pauses().sleep(SETTLE);
            checkFlat(before, Footprint.of(cluster));
            System.out.println("faults=" + faults + " " + load.finishClean());
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        } finally {
            server.kill();
        }
    }

    @Test
    void healthyClusterLosesNothingEither() throws Exception {
        var name = "quiet";
        try (var cluster = TestCluster.start(name, new StorageChoice.LocalFolder());
                var load = Load.start(cluster, name)) {
            var pauses = new Pauses();
            pauses.sleep(SETTLE);
            var before = Footprint.of(cluster);
            long began = System.nanoTime();
            var mover = new Mover(cluster);
            while (System.nanoTime() - began < QUIET.toNanos()) {
                mover.move(1);
                pauses.sleep(Duration.ofSeconds(1));
            }
            checkFlat(before, Footprint.of(cluster));
            System.out.println("no faults: " + load.finishClean());
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        }
    }

    private static Soak.Storage storage(S3Process server) {
        return new Soak.Storage() {
            @Override
            public void killAndRestart() throws Exception {
                server.kill();
                server.restart();
            }

            @Override
            public void pause() throws Exception {
                server.pause();
            }

            @Override
            public void resume() throws Exception {
                server.resume();
            }
        };
    }

    private static void checkFlat(Footprint before, Footprint after) {
        System.out.println("before: " + before + "\nafter:  " + after);
        after.checkFlatSince(before);
    }
}
