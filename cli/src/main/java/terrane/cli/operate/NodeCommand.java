package terrane.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import terrane.cli.process.ExitCode;

/// The members of the cluster.
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows the members of the cluster.",
        footer = {"", ExitCode.HELP})
public final class NodeCommand {
    private static final String SQL =
            "SELECT peer_type, peer_id, node_status, is_leader, regions, peer_addr, http_addr,"
                    + " version FROM information_schema.cluster_info ORDER BY peer_type, peer_id";

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Shows metasrvs, datanodes and frontends, and whether they are up.",
            footer = {"", ExitCode.HELP})
    int list(@Mixin FrontendOptions options) throws InterruptedException {
        try (var client = options.open()) {
            var rows = client.query(SQL);
            System.out.print(options.json() ? Listing.json(rows) : Listing.text(rows));
        }
        return ExitCode.OK;
    }
}
