package terrane.bench;

import terrane.cli.client.AdminClient;
import terrane.cli.client.Migration;
import terrane.cli.client.SqlClient;
import terrane.core.PeerId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One region, moved to and fro between all datanodes while it is written.
///
/// The gap of a move is taken from the writers' own acknowledgements, each of which says under
/// which epoch it was given: the worst writer's time from its last under the old epoch to its first
/// under the new. Beside it stands the same statistic around instants at which nothing moved, in
/// the pauses between the moves.
final class MigrationBench {
    private static final String TABLE = "bench_migration";

    /// Half of it on each side of an instant at which nothing moves.
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration REPLAY_MAX = Duration.ofMinutes(1);
    private static final Duration MOVE_MAX = Duration.ofMinutes(2);

    /// Each look costs a millisecond of the cores that are measured.
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final BenchedCluster.Opened cluster;
    private final AdminClient admin;
    private final SqlClient sql;
    private final Clock clock;
    private final List<Move> moves = new ArrayList<>();
    private final List<Long> quiet = new ArrayList<>();
    private long notDone;

    /// @param fresh whether the target had never had the region
    private record Move(long epoch, boolean fresh) {}

    MigrationBench(BenchedCluster.Opened cluster, AdminClient admin, SqlClient sql) {
        this.cluster = cluster;
        this.admin = admin;
        this.sql = sql;
        this.clock = cluster.clock();
    }

    /// @param warmUp writes go on for so long before the first move
    MigrationReport run(Duration warmUp, int migrations, int writerCount, int rows)
            throws InterruptedException {
        sql.run("DROP TABLE IF EXISTS " + TABLE, "public");
        sql.run(createTable(), "public");
        try (var writers = new Writers(cluster.frontend(), TABLE, writerCount, rows, clock)) {
            writers.start();
            clock.sleep(warmUp);
            move(migrations);
            clock.sleep(PAUSE);
            writers.stop();
            return report(writers);
        }
    }

    private static String createTable() {
        var tags = new StringBuilder();
        var keys = new StringBuilder();
        for (var tag :
                List.of(
                        "hostname",
                        "region",
                        "datacenter",
                        "rack",
                        "os",
                        "arch",
                        "team",
                        "service",
                        "service_version",
                        "service_environment")) {
            tags.append(tag).append(" STRING, ");
            keys.append(keys.isEmpty() ? "" : ", ").append(tag);
        }
        // Without append mode a row that is written twice would not show.
        return "CREATE TABLE %s (%sgreptime_timestamp TIMESTAMP(3) TIME INDEX, PRIMARY KEY (%s))"
                        .formatted(TABLE, tags, keys)
                + " WITH (append_mode = 'true')";
    }

    private void move(int migrations) throws InterruptedException {
        var region = new RegionId(Long.parseUnsignedLong(cell(regionQuery("region_id"))));
        var peers = new TreeSet<Long>();
        var datanodes =
                "SELECT peer_id FROM information_schema.cluster_info WHERE peer_type = 'DATANODE'";
        for (var row : sql.query(datanodes).rows()) {
            peers.add(row.getFirst().asLong());
        }
        long source = Long.parseLong(cell(regionQuery("peer_id")));
        Set<Long> known = new HashSet<>(Set.of(source));
        for (int i = 0; i < migrations; i++) {
            quietInstant();
            var higher = peers.higher(source);
            long target = higher == null ? peers.first() : higher;
            if (moved(region, source, target, known.add(target))) {
                source = target;
            } else {
                notDone++;
                source = Long.parseLong(cell(regionQuery("peer_id")));
            }
        }
    }

    private static String regionQuery(String column) {
        return "SELECT b."
                + column
                + " FROM information_schema.partitions a JOIN information_schema.region_peers b"
                + " ON a.greptime_partition_id = b.region_id WHERE a.table_name = '"
                + TABLE
                + "'";
    }

    private String cell(String query) throws InterruptedException {
        return sql.query(query).rows().getFirst().getFirst().asString();
    }

    private void quietInstant() throws InterruptedException {
        clock.sleep(PAUSE.dividedBy(2));
        quiet.add(clock.nanos());
        clock.sleep(PAUSE.dividedBy(2));
    }

    private boolean moved(RegionId region, long source, long target, boolean fresh)
            throws InterruptedException {
        var migration =
                new Migration(
                        region,
                        PeerId.parse(Long.toString(source)),
                        PeerId.parse(Long.toString(target)),
                        REPLAY_MAX,
                        Optional.empty(),
                        false,
                        Randomness.system().nextUuid().toString());
        var id = admin.migrate(migration);
        if (id.isEmpty()) {
            return false;
        }
        long deadline = clock.nanosAfter(MOVE_MAX);
        var procedure = admin.procedure(id.get());
        while (procedure.running() && !clock.passed(deadline)) {
            clock.sleep(LOOK_EVERY);
            procedure = admin.procedure(id.get());
        }
        var epoch = procedure.json().path("certificate").path("target_epoch");
        moves.add(new Move(epoch.asLong(0), fresh));
        return procedure.done();
    }

    private MigrationReport report(Writers writers) throws InterruptedException {
        var acknowledgements = writers.acknowledgements();
        var gaps = Gaps.byEpoch(acknowledgements);
        var first = new ArrayList<Long>();
        var later = new ArrayList<Long>();
        for (var move : moves) {
            var gap = gaps.get(move.epoch());
            if (gap != null) {
                (move.fresh() ? first : later).add(gap);
            }
        }
        return new MigrationReport(
                Figures.of(later),
                Figures.of(Gaps.around(quiet, acknowledgements)),
                Figures.of(first),
                Figures.of(writers.latency()),
                moves.size(),
                notDone,
                writers.count(sql, TABLE));
    }
}
