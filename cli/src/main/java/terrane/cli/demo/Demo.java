package terrane.cli.demo;

import terrane.cli.client.AdminClient;
import terrane.cli.client.Migration;
import terrane.cli.client.ProcedureView;
import terrane.cli.client.SqlClient;
import terrane.cli.operate.MigrationText;
import terrane.cli.operate.MigrationWatch;
import terrane.cli.screen.Screen;
import terrane.cli.up.LocalCluster;
import terrane.core.ErrorCode;
import terrane.core.PeerId;
import terrane.core.Randomness;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.time.Clock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Writes into a cluster without pause and moves a region of it to and fro.
final class Demo {
    private static final Duration REPLAY_MAX = Duration.ofMinutes(5);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /// The first rows make the tables; on a busy machine that takes some seconds.
    private static final Duration FIRST_ROWS_MAX = Duration.ofSeconds(60);

    private final LocalCluster cluster;
    private final Screen screen;
    private final Clock clock;
    private final int moves;
    private final Duration length;

    Demo(LocalCluster cluster, Screen screen, int moves, Duration length) {
        this.cluster = cluster;
        this.screen = screen;
        this.clock = cluster.clock();
        this.moves = moves;
        this.length = length;
    }

    Figures run() throws InterruptedException {
        var frontend = cluster.shape().frontendHttp();
        try (var sql = new SqlClient(frontend);
                var admin = new AdminClient(cluster.shape().metasrvHttps(), clock);
                var writers = Writers.start(frontend, clock)) {
            long began = clock.nanos();
            awaitFirstRows(writers);
            var region = region(sql);
            screen.line(
                    "writing to the tables cpu (two writers, 10 tags, 10 fields) and machine (from"
                            + " /proc); moving region "
                            + region);
            var ended = moveAll(new Moving(admin, sql, writers, region));
            writers.end();
            double seconds = (clock.nanos() - began) / 1e9;
            return new Figures(
                    ended,
                    List.of(
                            written(sql, CpuLoad.TABLE, writers.load()),
                            written(sql, Writers.MACHINE, writers.machine())),
                    seconds);
        }
    }

    private record Moving(AdminClient admin, SqlClient sql, Writers writers, RegionId region) {}

    private void awaitFirstRows(Writers writers) throws InterruptedException {
        long deadline = clock.nanosAfter(FIRST_ROWS_MAX);
        while (writers.load().rows() == 0 || writers.machine().rows() == 0) {
            var failure = writers.load().failure().or(writers.machine()::failure);
            if (failure.isPresent() || clock.passed(deadline)) {
                throw TerraneException.unavailable(
                        ErrorCode.NOT_READY,
                        "no rows were written: %s",
                        failure.orElse("no answer in " + FIRST_ROWS_MAX.toSeconds() + " s"));
            }
            clock.sleep(LOOK_EVERY);
        }
    }

    private static RegionId region(SqlClient sql) throws InterruptedException {
        var rows =
                sql.query(
                        "SELECT region_id FROM information_schema.region_peers WHERE table_name = '"
                                + CpuLoad.TABLE
                                + "'");
        return RegionId.parse(rows.rows().getFirst().getFirst().asString());
    }

    private List<ProcedureView> moveAll(Moving moving) throws InterruptedException {
        var ended = new ArrayList<ProcedureView>();
        var pause = length.dividedBy(moves + 1L);
        for (int i = 1; i <= moves; i++) {
            pass(moving.writers(), pause);
            var move = move(moving);
            ended.add(move);
            screen.line("move %d of %d: %s".formatted(i, moves, told(move)));
        }
        pass(moving.writers(), pause);
        return ended;
    }

    /// Lets some time pass, and shows that rows flow.
    private void pass(Writers writers, Duration duration) throws InterruptedException {
        long deadline = clock.nanosAfter(duration);
        while (!clock.passed(deadline)) {
            screen.passing(
                    String.format(
                            Locale.ROOT,
                            "  %,d rows written",
                            writers.load().rows() + writers.machine().rows()));
            clock.sleep(LOOK_EVERY);
        }
        screen.erase();
    }

    private ProcedureView move(Moving moving) throws InterruptedException {
        var source = leader(moving);
        // To and fro between the first two datanodes, wherever it began.
        var target = new PeerId(source.value() == 0 ? 1 : 0);
        var migration =
                new Migration(
                        moving.region(),
                        source,
                        target,
                        REPLAY_MAX,
                        Optional.empty(),
                        false,
                        Randomness.system().nextUuid().toString());
        var id =
                moving.admin()
                        .migrate(migration)
                        .orElseThrow(() ->
                                TerraneException.unavailable(
                                        ErrorCode.NOT_READY, "the region moved by itself"));
        return new MigrationWatch(moving.admin(), screen, clock, false).follow(id);
    }

    private static PeerId leader(Moving moving) throws InterruptedException {
        var rows =
                moving.sql()
                        .query(
                                "SELECT peer_id FROM information_schema.region_peers WHERE"
                                        + " region_id = "
                                        + moving.region()
                                        + " AND is_leader = 'Yes'");
        return PeerId.parse(rows.rows().getFirst().getFirst().asString());
    }

    private static String told(ProcedureView move) {
        var certificate =
                move.agreed()
                        .map(agreed -> agreed ? "certificate agreed" : "CERTIFICATE DISAGREED")
                        .orElse("no certificate");
        return MigrationText.result(move) + ", " + certificate;
    }

    private static Figures.Written written(SqlClient sql, String table, Tally tally)
            throws InterruptedException {
        var rows = sql.query("SELECT count(*) FROM " + table);
        return new Figures.Written(
                table,
                tally.rows(),
                rows.rows().getFirst().getFirst().asLong(),
                tally.failures(),
                tally.failure().orElse(""));
    }
}
