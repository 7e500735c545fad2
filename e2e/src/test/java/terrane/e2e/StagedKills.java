package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Mover.Move;
import terrane.e2e.load.Tables;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Kills the metasrv that leads in one certain stage of a migration.
///
/// A stage takes milliseconds, so it is made to last by pausing whom it waits for: the target opens
/// the region, the source says how far to catch up, and the broker takes the fence. The procedure
/// says before the kill that it is in that stage, and when it has ended that it was in it until
/// then.
final class StagedKills {
    /// Shorter than a lease, so that whoever is paused has lost nothing by then.
    private static final Duration STAGE_MAX = Duration.ofSeconds(2);

    /// A lease, and time to notice, several times over.
    private static final Duration RECLAIMED_MAX = Duration.ofSeconds(30);

    private static final int ATTEMPTS_MAX = 5;

    private final TestCluster cluster;
    private final Mover mover;

    StagedKills(TestCluster cluster, Mover mover) {
        this.cluster = cluster;
        this.mover = mover;
    }

    /// Whoever leads the metasrvs next opens it again.
    void metasrvWhileTheTargetOpens(int region) throws Exception {
        var leader = cluster.metasrv(cluster.metasrvLeader());
        var way = mover.way(region);
        var target = cluster.datanode(way.target());
        target.pause();
        var move = mover.begin(way);
        var killed = kill(move, "Opening", leader);
        target.resume();
        checkDone(check(move, killed, "CatchingUp"));
        cluster.restart(leader);
    }

    void metasrvWhileTheTargetCatchesUp(int region) throws Exception {
        var leader = cluster.metasrv(cluster.metasrvLeader());
        var way = mover.way(region);
        var source = cluster.datanode(way.source());
        source.pause();
        var move = mover.begin(way);
        mover.stageAfter(move, "Opening", STAGE_MAX);
        var killed = kill(move, "CatchingUp", leader);
        source.resume();
        checkDone(check(move, killed, "HandingOver"));
        cluster.restart(leader);
    }

    /// Both ends may finish without a metasrv, or the next leader has to reclaim.
    void metasrvWhileTheRegionIsHandedOver(int region) throws Exception {
        var move = beginToHandOver(region);
        var leader = cluster.metasrv(cluster.metasrvLeader());
        var killed = kill(move, "HandingOver", leader);
        cluster.broker().resume();
        checkDone(check(move, killed, "Completed", "Reclaiming"));
        cluster.restart(leader);
    }

    /// The source is dead, and the broker takes no fence until the metasrv is dead too.
    void metasrvWhileTheRegionIsReclaimed(int region) throws Exception {
        var way = mover.way(region);
        var source = cluster.datanode(way.source());
        source.pause();
        var move = mover.begin(way);
        mover.stageAfter(move, "Opening", STAGE_MAX);
        cluster.broker().pause();
        source.kill();
        mover.stageAfter(move, "CatchingUp", RECLAIMED_MAX);
        var leader = cluster.metasrv(cluster.metasrvLeader());
        var killed = kill(move, "Reclaiming", leader);
        cluster.broker().resume();
        checkDone(check(move, killed, "Completed", "Reclaiming"));
        cluster.restart(leader);
        cluster.restart(source);
    }

    private static void checkDone(JsonNode ended) {
        assertThat(at(ended, "status")).as("%s", ended).isEqualTo("Done");
    }

    /// Begins a migration that is at handing over for as long as the source's lease lasts, because
    /// the broker stands still and takes no fence. Nobody outside sees when the target has read all
    /// there is, so the broker may stand still too early; then this one ends, and another begins.
    private Move beginToHandOver(int region) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            for (var table : List.of(Tables.LOG, Tables.GAUGE)) {
                cluster.sql("ADMIN flush_table('" + table + "')"); // little is left to read
            }
            var move = beginWithoutBroker(mover.way(region));
            var stage = mover.stageAfter(move, "CatchingUp", STAGE_MAX);
            if (stage.equals("HandingOver")) {
                return move;
            }
            cluster.broker().resume();
            mover.awaitEnd(move);
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        }
        throw new AssertionError("the broker always stood still too early");
    }

    /// The source is held until the broker stands still, and then goes on.
    private Move beginWithoutBroker(Mover.Way way) throws Exception {
        var source = cluster.datanode(way.source());
        source.pause();
        try {
            var move = mover.begin(way);
            mover.stageAfter(move, "Opening", STAGE_MAX);
            cluster.broker().pause();
            return move;
        } finally {
            source.resume();
        }
    }

    /// @param at just before the process was killed
    private record Killed(String stage, Instant at) {}

    private Killed kill(Move move, String stage, Child child) throws InterruptedException {
        assertThat(mover.stage(move)).isEqualTo(stage);
        var at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        child.kill();
        return new Killed(stage, at);
    }

    /// The kill fell into its stage, which then ended in one of `next`; and all goes on.
    private JsonNode check(Move move, Killed killed, String... next) throws Exception {
        var ended = mover.awaitEnd(move);
        var stages = new ArrayList<JsonNode>();
        ended.path("stages").forEach(stages::add);
        var hit =
                IntStream.range(0, stages.size() - 1)
                        .filter(i -> contains(stages.get(i), killed))
                        .boxed()
                        .toList();
        assertThat(hit).as("%s in %s", killed, ended).hasSize(1);
        assertThat(at(stages.get(hit.getFirst() + 1), "name"))
                .as("%s in %s", killed, ended)
                .isIn((Object[]) next);
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        return ended;
    }

    private static boolean contains(JsonNode stage, Killed killed) {
        return at(stage, "name").equals(killed.stage())
                && !killed.at().isBefore(Instant.parse(at(stage, "began")))
                && !killed.at().isAfter(Instant.parse(at(stage, "ended")));
    }

    private static String at(JsonNode node, String name) {
        return node.path(name).asString();
    }
}
