package terrane.cli.operate;

import picocli.CommandLine.Command;

import terrane.cli.process.ExitCode;

/// Regions: who leads them, and moving them.
@Command(
        name = "region",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description =
                "Lists regions, moves them, watches them move, and gives up records of theirs.",
        subcommands = {RegionList.class, RegionMigrate.class, RegionWatch.class, RegionSkip.class},
        footer = {"", ExitCode.HELP})
public final class RegionCommand {}
