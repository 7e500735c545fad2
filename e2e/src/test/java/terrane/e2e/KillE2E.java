package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.StorageChoice;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Load;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Tables;
import terrane.sim.history.Allowance;
import terrane.sim.history.ClientError.Kind;
import terrane.sim.history.Span;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Whoever dies while a region moves under load, and also if everything is stopped or dies at once:
/// nothing that was acknowledged is lost, nothing is doubled, and it all goes on by itself. Who
/// dies in which state of a migration is tried by [FaultTableE2E].
class KillE2E {
    /// After a role serves again clients may still be told of what it missed.
    private static final Duration AFTER = Duration.ofSeconds(20);

    @Test
    void everyRoleMayDieDuringAMigrationAndEverythingMayRestart() throws Exception {
        try (var cluster = TestCluster.start("kill", new StorageChoice.LocalFolder());
                var load = Load.start(cluster, "kill")) {
            var mover = new Mover(cluster);
            killDuringMigration(cluster, mover, 2, _ -> cluster.metasrv(cluster.metasrvLeader()));

            pauseDuringMigration(cluster, mover, 1);

            // Clients have one frontend and one broker: while those are gone they may notice.
            long began = System.nanoTime();
            killDuringMigration(cluster, mover, 3, _ -> cluster.frontend());
            allow(load, began, Set.of(Kind.CONNECTION));
            began = System.nanoTime();
            killDuringMigration(cluster, mover, 0, _ -> cluster.broker());
            allow(load, began, Set.of(Kind.UNAVAILABLE, Kind.UNKNOWN));

            checkClean(load);
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));

            cluster.restartAll();
            checkClean(load);
            cluster.killAllAndRestart();
            checkClean(load);
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        }
    }

    private interface Victim {
        Child of(Mover.Move move);
    }

    /// Whether the migration succeeds is another matter: it ends, and the region is served.
    private static void killDuringMigration(
            TestCluster cluster, Mover mover, int region, Victim victim) throws Exception {
        var move = mover.begin(region);
        var child = victim.of(move);
        child.kill();
        cluster.restart(child);
        mover.awaitEnd(move);
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
    }

    /// A leader that sleeps for longer than its lease and wakes up as if nothing had been.
    private static void pauseDuringMigration(TestCluster cluster, Mover mover, int region)
            throws Exception {
        var move = mover.begin(region);
        var source = cluster.datanode(move.source());
        source.pause();
        try {
            mover.awaitEnd(move);
        } finally {
            source.resume();
        }
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
    }

    private static void allow(Load load, long began, Set<Kind> kinds) {
        long until = System.nanoTime() + AFTER.toNanos();
        load.history().allow(new Allowance(new Span(began, until), kinds));
    }

    private static void checkClean(Load load) throws Exception {
        var verdict = load.finish();
        assertThat(verdict.violations()).as("%s", verdict).isEmpty();
        assertThat(verdict.acknowledgedRows()).as("there was a load").isGreaterThan(1_000);
    }
}
