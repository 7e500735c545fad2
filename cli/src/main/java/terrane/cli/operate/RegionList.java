package terrane.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import terrane.cli.process.ExitCode;

import java.util.concurrent.Callable;

/// Which datanode leads which region.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Shows which datanode leads which region.",
        footer = {"", ExitCode.HELP})
final class RegionList implements Callable<Integer> {
    @Mixin private FrontendOptions options = new FrontendOptions();

    @Option(names = "--table", paramLabel = "NAME", description = "only regions of this table")
    private String table = "";

    @Override
    public Integer call() throws InterruptedException {
        var where = table.isEmpty() ? "" : " WHERE table_name = '" + table.replace("'", "''") + "'";
        var sql =
                "SELECT table_schema AS database, table_name AS \"table\", region_id, peer_id,"
                        + " peer_addr, is_leader, status FROM information_schema.region_peers"
                        + where
                        + " ORDER BY table_schema, table_name, region_id, peer_id";
        try (var client = options.open()) {
            var rows = client.query(sql);
            System.out.print(options.json() ? Listing.json(rows) : Listing.text(rows));
        }
        return ExitCode.OK;
    }
}
