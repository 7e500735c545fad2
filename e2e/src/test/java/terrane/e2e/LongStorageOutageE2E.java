package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.Admin;
import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.ClusterPlan;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Footprint;
import terrane.e2e.load.Load;
import terrane.e2e.load.Lookout;
import terrane.e2e.load.Lookout.Told;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Pauses;
import terrane.e2e.load.Probe;
import terrane.e2e.load.Tables;
import terrane.e2e.load.VirtualThreads;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Shared storage is away for ten minutes under load, and a datanode dies meanwhile, whose regions
/// nobody can claim until it is back.
///
/// All that time every write is acknowledged or refused with the reason, in its time; what is in
/// memory is read; no region changes its leader but those of the datanode that is dead; and no
/// process grows. When storage is back, all goes on without help: writes, flushes, migrations, and
/// the regions of the dead.
@Tag("soak")
class LongStorageOutageE2E {
    private static final boolean LONG = Boolean.getBoolean("terrane.soak");
    private static final Duration AWAY = LONG ? Duration.ofMinutes(10) : Duration.ofMinutes(2);

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(8);

    /// The answer's way over a busy machine.
    private static final Duration SLACK = Duration.ofSeconds(5);

    /// As long as a query waits for a leader.
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(60);

    /// Until it is back for everybody: leases, claims, and replays of what could not be flushed.
    private static final Duration BACK_MAX = Duration.ofSeconds(60);

    /// A node's memory is full in a moment.
    private static final String MEMORY = "datanode.memtable.size=12MiB";

    private static final String FLUSH = "datanode.region.flush.size=1MiB";
    private static final String BIG = "x".repeat(200_000);

    /// For what is closed later, and is compiled and filled at first.
    private static final Duration SETTLE = Duration.ofSeconds(15);

    /// Between looks at what processes hold.
    private static final Duration LOOK = Duration.ofSeconds(10);

    /// Those of the requests that wait at a moment; each second of each of fourteen clients would
    /// leave one behind otherwise.
    private static final long VIRTUAL_THREADS_GROWTH_MAX = 100;

    private final Pauses pauses = new Pauses();

    @Test
    void storageMayBeAwayForTenMinutes() throws Exception {
        var name = "long-storage-outage";
        var server = new S3Process(TestCluster.emptyFolder(name + "-server"));
        var timeout = "frontend.write.timeout=" + WRITE_TIMEOUT.toSeconds() + "s";
        var plan =
                ClusterPlan.usual(name, new StorageChoice.S3(server.config("cluster/")))
                        .with("datanode", MEMORY, FLUSH)
                        .with("frontend", timeout);
        try (var cluster = TestCluster.start(plan);
                var load = Load.start(cluster, name);
                var lookout = Lookout.start(cluster)) {
            var probe = new Probe(cluster);
            new Mover(cluster).move(4);
            pauses.sleep(SETTLE);
            var before = Held.by(cluster);
            long began = System.nanoTime();
            server.kill();

            everybodyLives(cluster, probe, lookout, before);
            var dead = oneDies(cluster, lookout, before);
            server.restart();

            allGoesOn(cluster, probe, lookout);
            startAgain(cluster, dead);
            new Mover(cluster).move(4);
            load.allowOutage(began);
            load.awaitProgress();
            pauses.sleep(SETTLE);
            before.checkFlat(cluster);
            lookout.finishClean();
            System.out.println("storage was away for " + AWAY + ": " + load.finishClean());
        } finally {
            server.kill();
        }
    }

    /// What the processes of a cluster hold.
    private record Held(Footprint footprint, Map<String, Long> virtualThreads) {
        static Held by(TestCluster cluster) throws Exception {
            return new Held(Footprint.of(cluster), VirtualThreads.of(cluster));
        }

        void checkFlat(TestCluster cluster) throws Exception {
            var now = by(cluster);
            System.out.println("before: " + this + "\nnow:    " + now);
            now.footprint.checkFlatSince(footprint);
            now.virtualThreads.forEach((name, count) ->
                    assertThat(count)
                            .as("virtual threads of %s, before: %s", name, this)
                            .isLessThan(
                                    virtualThreads.getOrDefault(name, 0L)
                                            + VIRTUAL_THREADS_GROWTH_MAX));
        }
    }

    /// First there is room in memory, then there is none.
    private void everybodyLives(TestCluster cluster, Probe probe, Lookout lookout, Held before)
            throws Exception {
        long began = System.nanoTime();
        var led = led(cluster);
        var known = new Admin(cluster).procedures().size();
        lookout.awaitAllGood(BACK_MAX);
        var told = probe.awaitFailure(BIG, WRITE_TIMEOUT);
        assertThat(told.answer().status()).as("%s", told).isEqualTo(503);
        assertThat(told.answer().body()).contains("too many rows wait to be flushed");
        watch(cluster, before, began, AWAY.dividedBy(2));

        assertThat(led(cluster)).as("nobody was taken for dead").isEqualTo(led);
        assertThat(new Admin(cluster).procedures()).hasSize(known);
        var seen = lookout.since(began);
        summarize("everybody lives", seen);
        assertThat(seen).allSatisfy(LongStorageOutageE2E::checkServed);
    }

    /// @return who died, and was begun to start again
    private Child oneDies(TestCluster cluster, Lookout lookout, Held before) throws Exception {
        var regions = lookout.regions();
        int victim = regions.getFirst().leader().orElseThrow();
        var others = regions.stream().filter(each -> !isLedBy(each, victim)).toList();
        var dead = cluster.datanode(victim);
        dead.kill();
        long began = System.nanoTime();
        watch(cluster, before, began, AWAY.dividedBy(4));
        cluster.begin(dead);
        watch(cluster, before, began, AWAY.dividedBy(2));

        assertThat(lookout.regions()).containsAll(others);
        var seen = lookout.since(began);
        summarize("one is dead", seen);
        assertThat(seen)
                .filteredOn(each -> !isLedBy(regions.get(each.region()), victim))
                .isNotEmpty()
                .allSatisfy(LongStorageOutageE2E::checkServed);
        var its =
                seen.stream().filter(each -> isLedBy(regions.get(each.region()), victim)).toList();
        assertThat(its)
                .isNotEmpty()
                .allSatisfy(LongStorageOutageE2E::checkInTime)
                // A write may be on its way before anybody knows that there is nobody.
                .filteredOn(each -> !each.isRefused())
                .allMatch(Told::isUncertain)
                .hasSizeLessThanOrEqualTo(1);
        System.out.println("of the dead one's region: " + its.getLast());
        return dead;
    }

    private static boolean isLedBy(Admin.RegionAt region, int datanode) {
        return region.leader().filter(leader -> leader == datanode).isPresent();
    }

    private void allGoesOn(TestCluster cluster, Probe probe, Lookout lookout) throws Exception {
        long began = System.nanoTime();
        System.out.println("all is served again after " + lookout.awaitAllGood(BACK_MAX));
        probe.awaitSuccess();
        var tables = List.of(Tables.LOG, Tables.GAUGE, Lookout.TABLE, "probe");
        ClusterInvariants.check(cluster, tables);
        for (var table : tables) {
            cluster.sql("ADMIN flush_table('" + table + "')");
        }
        var took = Duration.ofNanos(System.nanoTime() - began);
        System.out.println("all is flushed after " + took);
        assertThat(took).isLessThan(BACK_MAX);
    }

    /// A datanode that finds no storage ends after a while, and says why; whoever runs it starts it
    /// again, as `terrane up` does.
    private static void startAgain(TestCluster cluster, Child dead) throws Exception {
        if (dead.running()) {
            cluster.awaitReady(dead);
            return;
        }
        assertThat(dead.said()).contains("TRN-051");
        cluster.restart(dead);
    }

    private void watch(TestCluster cluster, Held before, long beganNanos, Duration until)
            throws Exception {
        while (System.nanoTime() - beganNanos < until.toNanos()) {
            pauses.sleep(LOOK);
            Footprint.of(cluster).checkFlatSince(before.footprint);
        }
        before.checkFlat(cluster);
    }

    private static void checkInTime(Told told) {
        var max = told.wrote() ? WRITE_TIMEOUT : QUERY_TIMEOUT;
        assertThat(told.after()).as("%s", told).isLessThan(max.plus(SLACK));
    }

    /// Reads are answered; writes too, or they are refused because memory is full.
    private static void checkServed(Told told) {
        checkInTime(told);
        if (!told.good()) {
            assertThat(told.wrote()).as("%s", told).isTrue();
            assertThat(told.answer().status()).as("%s", told).isEqualTo(503);
            assertThat(told.answer().body()).contains("too many rows wait to be flushed");
        }
    }

    private static void summarize(String when, List<Told> seen) {
        for (boolean wrote : List.of(true, false)) {
            var its = seen.stream().filter(each -> each.wrote() == wrote).toList();
            System.out.printf(
                    "%s: %s %d, good %d, refused %d, longest %s%n",
                    when,
                    wrote ? "writes" : "reads",
                    its.size(),
                    its.stream().filter(Told::good).count(),
                    its.stream().filter(Told::isRefused).count(),
                    its.stream().map(Told::after).max(Duration::compareTo));
        }
    }

    /// The leaders of all regions of the load and of the lookout.
    private static List<Admin.RegionAt> led(TestCluster cluster) {
        var admin = new Admin(cluster);
        return List.of(Tables.LOG, Tables.GAUGE, Lookout.TABLE, "probe").stream()
                .flatMap(table -> admin.route(table).stream())
                .toList();
    }
}
