package terrane.cli.operate;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import terrane.cli.process.ExitCode;
import terrane.core.time.SystemClock;

import java.util.concurrent.Callable;

/// Gives up one record that nobody can read, so that its region goes on without it.
@Command(
        name = "skip",
        mixinStandardHelpOptions = true,
        description = {
            "Gives up the record of the log that a region waits at because it cannot be read.",
            "%nWHAT IT SAYS IS LOST, acknowledged rows as well, and stays lost. Where a newer"
                    + " version may be able to read it, start that instead. Refused for any other"
                    + " record."
        },
        footer = {"", ExitCode.HELP})
final class RegionSkip implements Callable<Integer> {
    @Mixin private MetasrvOptions options = new MetasrvOptions();

    @Parameters(index = "0", paramLabel = "REGION", description = "the region's id")
    private String region = "";

    @Parameters(
            index = "1",
            paramLabel = "OFFSET",
            description = "of the record, as the metasrv's log and /admin/quarantine say")
    private String offset = "";

    @Override
    public Integer call() throws InterruptedException {
        try (var admin = options.open(new SystemClock())) {
            var left = admin.skip(region, offset);
            System.out.println(
                    options.json()
                            ? left.toString()
                            : "skipped: region " + region + " goes on after offset " + offset);
        }
        return ExitCode.OK;
    }
}
