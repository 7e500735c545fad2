package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Tables;
import terrane.sim.history.History;
import terrane.sim.history.Span;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Data traffic does not need the metasrv: writers do not notice that its leader is killed, and
/// leases are renewed by the next one before they lapse. A migration that the leader leaves behind
/// in any of its states is finished by the next.
///
/// Whoever waited for a metasrv would wait for an election. So a busy machine is asked that no kill
/// adds as much to the longest write; with `-Dterrane.soak=true`, for a machine that does nothing
/// else, that the longest writes are below 100 ms.
class MetasrvLeaderE2E {
    private static final int KILLS = 3;
    private static final Duration GAP_MAX = Duration.ofMillis(100);

    /// The shortest.
    private static final Duration ELECTION = Duration.ofMillis(500);

    /// Longer than a lease: what was granted by the leader that is dead has lapsed by the end.
    private static final Duration WATCHED = Duration.ofSeconds(5);

    @Test
    void writersDoNotNoticeThatTheLeaderDiesAndTheNextOneFinishesItsMigrations() throws Exception {
        try (var cluster = TestCluster.start("metasrv", new StorageChoice.LocalFolder());
                var load = Load.startWriting(cluster, "metasrv")) {
            var quiet = new ArrayList<Span>();
            var deadly = new ArrayList<Span>();
            watch(); // a cluster that has just started compiles
            for (int i = 0; i < KILLS; i++) {
                quiet.add(watch());
                var leader = cluster.metasrv(cluster.metasrvLeader());
                long began = System.nanoTime();
                leader.kill();
                deadly.add(new Span(began, watch().endedNanos()));
                cluster.restart(leader);
            }
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));

            var stages = new StagedKills(cluster, new Mover(cluster));
            stages.metasrvWhileTheTargetOpens(0);
            stages.metasrvWhileTheTargetCatchesUp(1);
            stages.metasrvWhileTheRegionIsHandedOver(2);
            stages.metasrvWhileTheRegionIsReclaimed(3);

            var verdict = load.finish();
            assertThat(verdict.violations()).as("%s", verdict).isEmpty();
            assertThat(verdict.acknowledgedRows()).as("there was a load").isGreaterThan(1_000);
            checkGaps(longest(load.history(), quiet), longest(load.history(), deadly));
        }
    }

    private static Span watch() {
        long began = System.nanoTime();
        await().pollDelay(WATCHED).atMost(WATCHED.multipliedBy(2)).until(() -> true);
        return new Span(began, System.nanoTime());
    }

    private static List<Duration> longest(History history, List<Span> windows) {
        return windows.stream().map(history::longestWrite).toList();
    }

    private static void checkGaps(List<Duration> quiet, List<Duration> deadly) {
        System.out.printf("longest writes: without a kill %s, with one %s%n", quiet, deadly);
        var allowed =
                Boolean.getBoolean("terrane.soak")
                        ? GAP_MAX
                        : Collections.max(quiet).plus(ELECTION);
        assertThat(deadly.stream().sorted().toList().get(KILLS / 2))
                .as("longest writes: without a kill %s, with one %s", quiet, deadly)
                .isLessThan(allowed);
    }
}
