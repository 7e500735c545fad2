package terrane.cli.operate;

import picocli.CommandLine.Command;

import terrane.cli.process.ExitCode;

/// Regions: who leads them, and moving them.
@Command(
        name = "region",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Lists regions, moves them, and watches them move.",
        subcommands = {RegionList.class, RegionMigrate.class, RegionWatch.class},
        footer = {"", ExitCode.HELP})
public final class RegionCommand {}
