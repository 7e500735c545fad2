package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
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
import java.util.Map;
import java.util.Optional;

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

    /// For what is closed later, and is compiled and filled at first.
    private static final Duration SETTLE = Duration.ofSeconds(15);

    /// A migration opens and closes readers, a read opens files, and a client's connections come
    /// and go with their own timeouts: each well below this, and a leak of one for each of some
    /// hundred flushes, scans or faults well above.
    private static final long HANDLES_GROWTH_MAX = 60;

    /// The heap, which may fill before it is collected (400, 160, 300 and 300 MB), and more for
    /// code, classes, DuckDB, rows in memory and the network. Measured: 260, 250, 320 and 260.
    private static final Map<String, Long> RESIDENT_MEGABYTES_MAX =
            Map.of("broker", 600L, "metasrv", 400L, "datanode", 750L, "frontend", 650L);

    /// One for each kind and way at a third of a minute, on a machine that does other things too.
    private static final int FAULTS_MIN = 6;

    @Test
    void randomFaultsOfAllKindsLeaveNothingBehind() throws Exception {
        System.out.println("random faults: -Dterrane.seed=" + SEED);
        var name = "soak";
        var server = new S3Process(TestCluster.emptyFolder(name + "-server"));
        try (var cluster =
                        TestCluster.start(name, new StorageChoice.S3(server.config("cluster/")));
                var load = Load.start(cluster, name)) {
            new Pauses().sleep(SETTLE);
            var before = Footprint.of(cluster);

            int faults = new Soak(cluster, load, storage(server), SEED).run(FAULTS);

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

    private static long residentMegabytesMax(String child) {
        var role = child.split("-", -1)[0];
        return Optional.ofNullable(RESIDENT_MEGABYTES_MAX.get(role)).orElseThrow();
    }

    private static void checkFlat(Footprint before, Footprint after) {
        System.out.println("before: " + before + "\nafter:  " + after);
        after.processes()
                .forEach((name, held) -> {
                    var was = before.of(name);
                    assertThat(held.handles())
                            .as("open files of %s, before: %s", name, before)
                            .isLessThan(was.handles() + HANDLES_GROWTH_MAX);
                    assertThat(held.residentMegabytes())
                            .as("megabytes of %s, before: %s", name, before)
                            .isLessThan(residentMegabytesMax(name));
                });
    }
}
