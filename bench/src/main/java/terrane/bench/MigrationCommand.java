package terrane.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import terrane.cli.client.AdminClient;
import terrane.cli.client.SqlClient;
import terrane.core.time.Durations;

import java.util.concurrent.Callable;

/// `terrane bench migration`.
@Command(
        name = "migration",
        mixinStandardHelpOptions = true,
        description =
                "Moves one region from datanode to datanode under closed-loop writers, and measures"
                        + " for how long each move keeps the worst writer waiting.")
final class MigrationCommand implements Callable<Integer> {
    @Mixin private BenchedCluster cluster = new BenchedCluster();

    @Option(names = "--migrations", paramLabel = "N", description = "default 200")
    private int migrations = 200;

    @Option(names = "--writers", paramLabel = "N", description = "default 4")
    private int writers = 4;

    @Option(names = "--rows", paramLabel = "N", description = "in each request; default 100")
    private int rows = 100;

    /// On two cores the compiler takes most of one for about so long.
    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "20s",
            description =
                    "code is compiled and files are flushed before the first move is measured;"
                            + " default ${DEFAULT-VALUE}")
    private String warmUp = "";

    @Option(names = "--json", description = "for scripts")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        try (var opened = cluster.open();
                var admin = new AdminClient(opened.metasrvs(), opened.clock());
                var sql = new SqlClient(opened.frontend())) {
            var bench = new MigrationBench(opened, admin, sql);
            var report = bench.run(Durations.parse("--warm-up", warmUp), migrations, writers, rows);
            System.out.println(json ? report.json() : report.text());
            return report.clean() ? 0 : 1;
        }
    }
}
