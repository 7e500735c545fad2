package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import terrane.e2e.cluster.Child;
import terrane.e2e.cluster.ClusterInvariants;
import terrane.e2e.cluster.TestCluster;
import terrane.e2e.load.Mover;
import terrane.e2e.load.Mover.Move;
import terrane.e2e.load.Pauses;
import terrane.e2e.load.Tables;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Kills or pauses somebody in one certain stage of a migration.
///
/// A stage takes milliseconds, so it is made to last by pausing whom it waits for: the target opens
/// the region, the source says how far to catch up, and the broker takes the fence. The procedure
/// says before the fault that it is in that stage, and when it has ended that it was in it until
/// then.
final class StagedFaults {
    /// Shorter than a lease, so that whoever is paused has lost nothing by then.
    private static final Duration STAGE_MAX = Duration.ofSeconds(2);

    /// The lease, and until somebody has noticed.
    private static final Duration RECLAIMING_MAX = Duration.ofSeconds(10);

    /// Longer than a lease.
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int ATTEMPTS_MAX = 5;

    private final TestCluster cluster;
    private final Mover mover;

    StagedFaults(TestCluster cluster) {
        this.cluster = cluster;
        this.mover = new Mover(cluster);
    }

    /// A migration that stays in its stage until `release`, or for as long as a lease.
    ///
    /// @param holders who stand still, or are dead, to hold it
    private record Held(Move move, List<Child> holders) {}

    /// @param at just before the fault
    private record Hit(String stage, Instant at) {}

    /// Returns when everything is as it should be again. Whatever fails, nobody stays paused or
    /// dead, so that what comes next is not about this.
    void hit(Cell cell, int region) throws Exception {
        try {
            hitWhileHeld(cell, hold(cell.stage, region));
        } finally {
            for (var child : cluster.children()) {
                release(child);
            }
        }
    }

    private void hitWhileHeld(Cell cell, Held held) throws Exception {
        var victim = victim(cell.victim, held.move());
        assertThat(mover.stage(held.move())).isEqualTo(cell.stage.text);
        var hit = new Hit(cell.stage.text, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        if (cell.kills) {
            victim.kill();
        } else {
            victim.pause();
        }
        for (var holder : held.holders()) {
            if (holder != victim) {
                release(holder);
            }
        }
        if (!cell.kills) {
            new Pauses().sleep(PAUSE);
        }
        release(victim);
        check(held.move(), hit, cell.next);
    }

    private void release(Child holder) throws Exception {
        if (holder.running()) {
            holder.resume();
        } else {
            cluster.restart(holder);
        }
    }

    private Child victim(Cell.Victim victim, Move move) {
        return switch (victim) {
            case SOURCE -> cluster.datanode(move.source());
            case TARGET -> cluster.datanode(move.target());
            case METASRV_LEADER -> cluster.metasrv(cluster.metasrvLeader());
            case METASRV_FOLLOWER ->
                    cluster.metasrv((cluster.metasrvLeader() + 1) % TestCluster.METASRVS);
            case BROKER -> cluster.broker();
            case FRONTEND -> cluster.frontend();
        };
    }

    private Held hold(Cell.Stage stage, int region) throws Exception {
        return switch (stage) {
            case OPENING -> holdOpening(region);
            case CATCHING_UP -> holdCatchingUp(region);
            case HANDING_OVER -> holdHandingOver(region);
            case RECLAIMING -> holdReclaiming(region);
        };
    }

    private Held holdOpening(int region) throws Exception {
        var way = mover.way(region);
        var target = cluster.datanode(way.target());
        target.pause();
        return new Held(mover.begin(way), List.of(target));
    }

    /// The target opens in a moment, unless the machine is busy; then this one ends, and another
    /// begins.
    private Held holdCatchingUp(int region) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var way = mover.way(region);
            var source = cluster.datanode(way.source());
            source.pause();
            var move = mover.begin(way);
            if (mover.stageAfter(move, "Opening", STAGE_MAX).equals("CatchingUp")) {
                return new Held(move, List.of(source));
            }
            source.resume();
            mover.awaitEnd(move);
            ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
        }
        throw new AssertionError("the target never opened in time");
    }

    /// The lease of the source, which is dead, has to run out first.
    private Held holdReclaiming(int region) throws Exception {
        var held = holdCatchingUp(region);
        held.holders().getFirst().kill();
        mover.stageAfter(held.move(), "CatchingUp", RECLAIMING_MAX);
        return held;
    }

    /// Begins a migration that is at handing over for as long as the source's lease lasts, because
    /// the broker stands still and takes no fence. Nobody outside sees when the target has read all
    /// there is, so the broker may stand still too early; then this one ends, and another begins.
    private Held holdHandingOver(int region) throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            for (var table : List.of(Tables.LOG, Tables.GAUGE)) {
                cluster.sql("ADMIN flush_table('" + table + "')"); // little is left to read
            }
            var move = beginWithoutBroker(mover.way(region));
            var stage = mover.stageAfter(move, "CatchingUp", STAGE_MAX);
            if (stage.equals("HandingOver")) {
                return new Held(move, List.of(cluster.broker()));
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

    /// The fault fell into its stage, which then ended in one of `next`; and all goes on.
    private void check(Move move, Hit fault, List<String> next) throws Exception {
        var ended = mover.awaitEnd(move);
        var stages = new ArrayList<JsonNode>();
        ended.path("stages").forEach(stages::add);
        var hit =
                IntStream.range(0, stages.size() - 1)
                        .filter(i -> during(stages.get(i), fault))
                        .boxed()
                        .toList();
        assertThat(hit).as("%s in %s", fault, ended).hasSize(1);
        if (!next.isEmpty()) {
            assertThat(at(stages.get(hit.getFirst() + 1), "name"))
                    .as("%s in %s", fault, ended)
                    .isIn(next);
        }
        ClusterInvariants.check(cluster, List.of(Tables.LOG, Tables.GAUGE));
    }

    private static boolean during(JsonNode stage, Hit fault) {
        return at(stage, "name").equals(fault.stage())
                && !Instant.parse(at(stage, "began")).isAfter(fault.at())
                && !Instant.parse(at(stage, "ended")).isBefore(fault.at());
    }

    private static String at(JsonNode node, String name) {
        return node.path(name).asString();
    }
}
